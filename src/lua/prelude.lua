-- Runs once in a new state, before the script: standard functions that would end the process, write past PHP's output,
-- escape the limits or do what the settings do not allow.
local output, exit, unsafe, confined = ...
local error, getmetatable, ipairs, rawget = error, getmetatable, ipairs, rawget
local select, tostring, type = select, tostring, type

function print(...)
  local texts = {}
  for index = 1, select('#', ...) do
    texts[2 * index - 1] = tostring((select(index, ...)))
    texts[2 * index] = '\t'
  end
  texts[#texts == 0 and 1 or #texts] = '\n'
  for index = 1, #texts do
    output(texts[index])
  end
end

-- Lua's collector runs finalizers without the hook that counts instructions and looks for signals.
local set_metatable = setmetatable
function setmetatable(...)
  local _, metatable = ...
  if type(metatable) == 'table' and rawget(metatable, '__gc') ~= nil then
    error('finalizers (__gc) are not available', 2)
  end
  return set_metatable(...)
end

if io then
  local stdout, current = io.stdout, io.output
  local methods = getmetatable(stdout).__index
  local write = methods.write
  function methods.write(file, ...)
    if file ~= stdout then
      return write(file, ...)
    end
    for index = 1, select('#', ...) do
      local text = select(index, ...)
      if type(text) ~= 'string' and type(text) ~= 'number' then
        error('bad argument #' .. index .. " to 'write' (string expected, got " .. type(text) .. ')', 2)
      end
      output(tostring(text))
    end
    return file
  end
  function io.write(...)
    return methods.write(current(), ...)
  end
end

if os then
  os.exit = exit
end

if unsafe then
  return
end

local function refuse(library, names, why)
  for _, name in ipairs(names) do
    if library then
      library[name] = function()
        error(name .. '() is not available: ' .. why, 2)
      end
    end
  end
end

local setting = 'Settings\\Lua::setAllowUnsafe(true) would allow it'
refuse(os, {'execute', 'setlocale'}, setting)
refuse(io, {'popen'}, setting)
refuse(package, {'loadlib'}, setting)

-- Compiled code is not checked by Lua: it could do anything.
local load_any, load_file = load, loadfile
function load(chunk, name, _, ...)
  return load_any(chunk, name, 't', ...)
end
function loadfile(name, _, ...)
  return load_file(name, 't', ...)
end
function dofile(name)
  local chunk, message = load_file(name, 't')
  if not chunk then
    error(message, 0)
  end
  return chunk()
end

if package then
  local searchers, find = package.searchers, package.searchpath
  searchers[2] = function(name)
    local path, message = find(name, package.path)
    if not path then
      return message
    end
    local chunk
    chunk, message = load_file(path, 't')
    if not chunk then
      error("error loading module '" .. name .. "' from file '" .. path .. "':\n\t" .. message)
    end
    return chunk, path
  end
  for index = #searchers, 3, -1 do
    searchers[index] = nil
  end
end

if confined then
  local why = 'open_basedir is set'
  refuse(_G, {'dofile', 'loadfile'}, why)
  refuse(io, {'input', 'lines', 'open', 'output', 'tmpfile'}, why)
  refuse(os, {'remove', 'rename', 'tmpname'}, why)
  if package then
    refuse(package, {'searchpath'}, why)
    package.searchers[2] = nil
  end
end
