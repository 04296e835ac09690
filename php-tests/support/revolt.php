<?php
/**
 * A small event loop with the interface of Revolt\EventLoop, for the tests: each callback runs in a fiber, suspensions are
 * resumed by the loop, and the main script runs the loop while it is suspended.
 */

namespace Revolt\EventLoop {

    final class Suspension
    {
        private bool $isSuspended = false;
        /** @var ?array{bool, mixed} whether it throws, and what it gets */
        private ?array $outcome = null;

        public function __construct(private readonly ?\Fiber $fiber)
        {
        }

        public function suspend(): mixed
        {
            if ($this->isSuspended) {
                throw new \Error('Must call resume() or throw() before calling suspend() again');
            }
            if (\Fiber::getCurrent() !== $this->fiber) {
                throw new \Error('Must not call suspend() from another fiber');
            }
            $this->isSuspended = true;
            $this->outcome = null;
            if ($this->fiber !== null) {
                \Fiber::suspend();
            } else {
                \Revolt\EventLoop::runUntil(fn () => $this->outcome !== null);
            }
            $this->isSuspended = false;
            [$throws, $value] = $this->outcome ?? [true, new \Error('resumed by somebody else')];
            return $throws ? throw $value : $value;
        }

        public function resume(mixed $value = null): void
        {
            $this->settle([false, $value]);
        }

        public function throw(\Throwable $throwable): void
        {
            $this->settle([true, $throwable]);
        }

        private function settle(array $outcome): void
        {
            if (!$this->isSuspended || $this->outcome !== null) {
                throw new \Error('Must call suspend() before calling resume() or throw()');
            }
            $this->outcome = $outcome;
            if ($this->fiber !== null) {
                \Revolt\EventLoop::queueFiber($this->fiber);
            }
        }
    }
}

namespace Revolt {

    use Revolt\EventLoop\Suspension;

    final class EventLoop
    {
        /** @var list<\Closure> */
        private static array $queue = [];
        /** @var array<string, array{string, mixed, \Closure, float}> id => kind, stream or interval, callback, due */
        private static array $callbacks = [];
        /** @var array<string, true> */
        private static array $off = [];
        /** @var array<string, true> */
        private static array $unreferenced = [];
        private static ?\WeakMap $suspensions = null;
        private static ?Suspension $main = null;
        private static int $last = 0;
        private static bool $stopped = false;

        public static function queue(\Closure $closure, mixed ...$args): void
        {
            self::$queue[] = static fn () => (new \Fiber($closure))->start(...$args);
        }

        public static function queueFiber(\Fiber $fiber): void
        {
            self::$queue[] = static fn () => $fiber->isSuspended() ? $fiber->resume() : null;
        }

        public static function defer(\Closure $closure): string
        {
            return self::add('delay', 0.0, $closure, 0.0);
        }

        public static function delay(float $delay, \Closure $closure): string
        {
            return self::add('delay', $delay, $closure, microtime(true) + $delay);
        }

        public static function repeat(float $interval, \Closure $closure): string
        {
            return self::add('repeat', $interval, $closure, microtime(true) + $interval);
        }

        public static function onReadable(mixed $stream, \Closure $closure): string
        {
            return self::add('read', $stream, $closure, 0.0);
        }

        public static function onWritable(mixed $stream, \Closure $closure): string
        {
            return self::add('write', $stream, $closure, 0.0);
        }

        public static function cancel(string $callbackId): void
        {
            unset(self::$callbacks[$callbackId], self::$off[$callbackId], self::$unreferenced[$callbackId]);
        }

        public static function enable(string $callbackId): string
        {
            unset(self::$off[$callbackId]);
            return $callbackId;
        }

        public static function disable(string $callbackId): string
        {
            self::$off[$callbackId] = true;
            return $callbackId;
        }

        public static function unreference(string $callbackId): string
        {
            self::$unreferenced[$callbackId] = true;
            return $callbackId;
        }

        /** @return list<string> */
        public static function getIdentifiers(): array
        {
            return array_keys(self::$callbacks);
        }

        public static function getSuspension(): Suspension
        {
            $fiber = \Fiber::getCurrent();
            if ($fiber === null) {
                return self::$main ??= new Suspension(null);
            }
            self::$suspensions ??= new \WeakMap();
            // Weakly, as the fiber holds its suspension while it waits.
            $known = (self::$suspensions[$fiber] ?? null)?->get();
            if ($known === null) {
                self::$suspensions[$fiber] = \WeakReference::create($known = new Suspension($fiber));
            }
            return $known;
        }

        public static function run(): void
        {
            self::$stopped = false;
            self::runUntil(static fn () => self::$stopped || self::isIdle());
        }

        public static function stop(): void
        {
            self::$stopped = true;
        }

        public static function runUntil(\Closure $isEnough): void
        {
            while (!$isEnough()) {
                if (self::isIdle()) {
                    throw new \Error('Event loop terminated without resuming the current suspension');
                }
                self::tick($isEnough);
            }
        }

        private static function isIdle(): bool
        {
            return self::$queue === [] && array_diff_key(self::$callbacks, self::$off, self::$unreferenced) === [];
        }

        private static function tick(\Closure $isEnough): void
        {
            for ($queue = self::$queue, self::$queue = []; $queue !== [];) {
                array_shift($queue)();
            }
            if (self::isIdle() || $isEnough()) {
                return;
            }
            $now = microtime(true);
            $wait = self::$queue === [] ? 0.9 : 0.0;
            $read = $write = [];
            foreach (array_diff_key(self::$callbacks, self::$off) as $id => [$kind, $what, $closure, $due]) {
                if ($kind === 'read') {
                    $read[$id] = $what;
                } elseif ($kind === 'write') {
                    $write[$id] = $what;
                } elseif ($due <= $now) {
                    if ($kind === 'delay') {
                        self::cancel($id);
                    } else {
                        self::$callbacks[$id][3] = $now + $what;
                    }
                    self::queue($closure, $id);
                    $wait = 0.0;
                } else {
                    $wait = min($wait, $due - $now);
                }
            }
            if ($read === [] && $write === []) {
                usleep((int) ($wait * 1e6));
                return;
            }
            $except = null;
            if (@stream_select($read, $write, $except, 0, (int) ($wait * 1e6))) {
                foreach ($read + $write as $id => $stream) {
                    if (isset(self::$callbacks[$id])) {
                        self::queue(self::$callbacks[$id][2], $id, $stream);
                    }
                }
            }
        }

        private static function add(string $kind, mixed $what, \Closure $closure, float $due): string
        {
            $id = 'c' . ++self::$last;
            self::$callbacks[$id] = [$kind, $what, $closure, $due];
            return $id;
        }
    }
}
