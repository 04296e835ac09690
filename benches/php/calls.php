<?php
// Makes each of the most used calls as often as a line on standard input says, and answers with the CPU time of PHP's
// own thread that one of them took, by method, in microseconds, and how much of all was spent outside of the kernel.

require __DIR__ . '/session.inc';

$api = connected();
$crew = $api->getId('@crew_chat');
$bot = $api->getId('@bot');
$sent = $api->extractMessageId($api->messages->sendMessage(peer: 'me', message: 'to be edited'));
$posted = $api->extractMessageId($api->messages->sendMessage(peer: $crew, message: 'to be read'));

$calls = [
    'messages.sendMessage' => ['peer' => 'me', 'message' => 'A message of <b>some</b> length, with markup.', 'parse_mode' => 'HTML'],
    'messages.getHistory' => ['peer' => '@bot', 'offset_id' => 0, 'offset_date' => 0, 'add_offset' => 0, 'limit' => 5, 'max_id' => 0, 'min_id' => 0, 'hash' => 0],
    'channels.joinChannel' => ['channel' => '@open_chat'],
    'messages.editMessage' => ['peer' => 'me', 'id' => $sent, 'message' => fn () => 'edited ' . number()],
    'channels.getMessages' => ['channel' => $crew, 'id' => [$posted]],
    'messages.getMessages' => ['id' => [42]],
    'account.updateProfile' => ['about' => fn () => 'about ' . number()],
    'messages.forwardMessages' => ['from_peer' => $bot, 'to_peer' => 'me', 'id' => [42]],
    'channels.leaveChannel' => ['channel' => '@open_chat'],
    'messages.readHistory' => ['peer' => $bot, 'max_id' => 42],
    'messages.getPeerDialogs' => ['peers' => ['@bot']],
    'messages.getDialogs' => ['offset_date' => 0, 'offset_id' => 0, 'limit' => 5, 'hash' => 0],
    'channels.getParticipants' => ['channel' => $crew, 'filter' => ['_' => 'channelParticipantsRecent'], 'offset' => 0, 'limit' => 5, 'hash' => 0],
    'channels.getParticipant' => ['channel' => $crew, 'participant' => '@bob_b'],
    'channels.readHistory' => ['channel' => $crew, 'max_id' => $posted],
    'messages.search' => ['peer' => '@bot', 'q' => 'Shall', 'filter' => ['_' => 'inputMessagesFilterEmpty'], 'limit' => 5],
    'messages.getBotCallbackAnswer' => ['peer' => '@bot', 'msg_id' => 42, 'data' => 'yes'],
    'messages.setTyping' => ['peer' => '@bob_b', 'action' => ['_' => 'sendMessageTypingAction']],
    'account.updateStatus' => ['offline' => false],
    'help.getNearestDc' => [],
];

/** Another one each time. */
function number(): int
{
    static $number = 0;
    return ++$number;
}

/** Nanoseconds that this thread has run. */
function cpu(): int
{
    static $file;
    $file ??= '/proc/self/task/' . getmypid() . '/schedstat';
    return (int) file_get_contents($file);
}

/** Clock ticks that this thread has run in its own code, and in the kernel. */
function ticks(): array
{
    $fields = explode(' ', substr(strrchr(file_get_contents('/proc/self/task/' . getmypid() . '/stat'), ')'), 2));
    return [(int) $fields[11], (int) $fields[12]];
}

while (($line = fgets(STDIN)) !== false) {
    $repetitions = (int) $line;
    $costs = [];
    $before = ticks();
    foreach ($calls as $method => $arguments) {
        if ($method === 'channels.leaveChannel') {
            continue;
        }
        [$namespace, $name] = explode('.', $method);
        $space = $api->$namespace;
        $changing = array_filter($arguments, static fn ($value) => $value instanceof Closure);
        $all = [];
        for ($i = 0; $i < $repetitions; ++$i) {
            $all[] = array_map(static fn (Closure $make) => $make(), $changing) + $arguments;
        }
        // Joining and leaving go in turns.
        $turns = $method === 'channels.joinChannel';
        $started = cpu();
        foreach ($all as $now) {
            $space->$name($now);
            if ($turns) {
                $space->leaveChannel($now);
            }
        }
        $costs[$method] = (cpu() - $started) / 1e3 / $repetitions / ($turns ? 2 : 1);
        if ($turns) {
            $costs['channels.leaveChannel'] = $costs[$method];
        }
    }
    [$user, $system] = ticks();
    echo json_encode(['cpu_us' => $costs, 'user' => $user - $before[0], 'system' => $system - $before[1]]), "\n";
}
