--TEST--
Children of pcntl_fork go on with the parent's session through the parent's connection: forked before, during and after calls, over both engines
--FILE--
<?php
require __DIR__ . '/../support/sandbox.inc';

$forks = function (string $engine): void {
    echo "$engine:\n";
    ini_set('madelineproto.engine', $engine);
    $sandbox = Sandbox::start(fn (array &$world) => $world['single_use'] = true, '--control 0');
    $api = $sandbox->user();
    $connections = fn () => $sandbox->ask(['do' => 'stats'])['accepted'];
    $press = fn () => $api->messages->getBotCallbackAnswer(peer: '@bot', msg_id: 42, data: 'yes')['message'];
    // Without the parent's shutdown functions, which stop its sandbox.
    $leave = fn () => pcntl_exec('/bin/true');
    $child = function (callable $do) use ($sandbox, $leave): int {
        $pid = pcntl_fork();
        if ($pid === 0) {
            try {
                $said = $do();
            } catch (\Throwable $e) {
                $said = $e->getMessage();
            }
            file_put_contents($sandbox->path('child-' . getmypid()), $said);
            $leave();
        }
        return $pid;
    };
    $said = function (int $pid) use ($sandbox): string {
        pcntl_waitpid($pid, $status);
        return file_get_contents($sandbox->path("child-$pid"));
    };

    echo 'before any call: ', $said($child($press)), "\n";
    echo 'parent: ', $press(), "\n";
    $before = $connections();
    $children = array_map(fn () => $child(fn () => $press() . ' ' . $press()), range(1, 4));
    echo 'parent, at the same time: ', $press(), "\n";
    foreach ($children as $pid) {
        echo 'after: ', $said($pid), "\n";
    }

    // In a signal handler, while the parent waits for an answer.
    pcntl_async_signals(true);
    pcntl_signal(SIGALRM, function () use ($child, $press, &$during) {
        $during = $child(fn () => $press());
    });
    $sandbox->ask(['do' => 'delay_answer', 'ms' => 1500, 'on' => ['method' => 'messages.getBotCallbackAnswer']]);
    pcntl_alarm(1);
    echo 'parent: ', $press(), "\n";
    echo 'during: ', $said($during), "\n";

    // One that ends at once, with destructors, leaves the parent's socket and lock alone.
    $pid = pcntl_fork();
    if ($pid === 0) {
        unset($api);
        gc_collect_cycles();
        $leave();
    }
    pcntl_waitpid($pid, $status);
    echo 'parent: ', $press(), "\n";
    echo 'another process: ', $sandbox->php('<?php
        $api = new \danog\MadelineProto\API("user.madeline");
        echo $api->getSelf()["first_name"], " ", $api->help->getNearestDc()["_"];', '', ['madelineproto.engine' => $engine])[1], "\n";
    var_dump($connections() === $before);

    // A child that outlives the parent, and never uses the session, keeps it from nobody.
    pcntl_signal(SIGALRM, SIG_DFL);
    unset($press, $child, $api);
    gc_collect_cycles();
    $parent = $sandbox->background('<?php
        $api = new \danog\MadelineProto\API("user.madeline");
        $api->help->getNearestDc();
        $pid = pcntl_fork();
        if ($pid === 0) { sleep(60); exit; }
        echo "forked $pid.";
        sleep(600);
    ', 'parent', ['madelineproto.engine' => $engine]);
    $parent->printed('.')->kill();
    $api = $sandbox->api('user.madeline');
    echo $api->help->getNearestDc()['_'], "\n";
    echo 'duplicated: ', $sandbox->ask(['do' => 'stats'])['duplicated'], "\n";
    preg_match('/\d+/', $parent->output(), $orphan);
    exec("kill -9 $orphan[0]");
};
foreach (['native', 'grammers'] as $engine) {
    $forks($engine);
}
?>
--EXPECT--
native:
before any call: You pressed yes.
parent: You pressed yes.
parent, at the same time: You pressed yes.
after: You pressed yes. You pressed yes.
after: You pressed yes. You pressed yes.
after: You pressed yes. You pressed yes.
after: You pressed yes. You pressed yes.
parent: You pressed yes.
during: You pressed yes.
parent: You pressed yes.
another process: Alice nearestDc
bool(true)
nearestDc
duplicated: 0
grammers:
before any call: You pressed yes.
parent: You pressed yes.
parent, at the same time: You pressed yes.
after: You pressed yes. You pressed yes.
after: You pressed yes. You pressed yes.
after: You pressed yes. You pressed yes.
after: You pressed yes. You pressed yes.
parent: You pressed yes.
during: You pressed yes.
parent: You pressed yes.
another process: Alice nearestDc
bool(true)
nearestDc
duplicated: 0
