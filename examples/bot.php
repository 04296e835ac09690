<?php
// A bot that answers, and counts its answers over restarts. Start it with php examples/bot.php: it asks for the bot's token
// once. Ctrl-C, or /stop from its administrator, ends it.

if (!file_exists('madeline.php')) {
    copy('https://phar.madelineproto.xyz/madeline.php', 'madeline.php');
}
include 'madeline.php';

use danog\MadelineProto\EventHandler;

final class Bot extends EventHandler
{
    /** Who may stop it and is told of exceptions. */
    private const ADMIN = '@alice';

    private int $answered = 0;

    /** What the session keeps. */
    public function __sleep(): array
    {
        return ['answered'];
    }

    public function getReportPeers(): array
    {
        return [self::ADMIN];
    }

    public function onStart(): void
    {
        echo 'I am @', $this->getSelf()['username'], ", $this->answered answers so far\n";
    }

    public function onUpdateNewMessage(array $update): void
    {
        $message = $update['message'];
        if ($message['_'] !== 'message' || $message['out']) {
            return;
        }
        $answer = match ($message['message']) {
            '/start' => '<b>Hello!</b> Write something, or /stop.',
            '/stop' => 'Bye.',
            '/fail' => throw new \LogicException('as asked'),
            default => 'You wrote: <i>' . htmlspecialchars($message['message']) . '</i>',
        };
        $this->messages->sendMessage(peer: $update, message: $answer, parse_mode: 'HTML');
        echo 'answer ', ++$this->answered, "\n";
        if ($message['message'] === '/stop' && $message['from_id'] === $this->getId(self::ADMIN)) {
            $this->stop();
        }
    }

    public function onStop(): void
    {
        echo "good night\n";
    }
}

Bot::startAndLoop('bot.madeline');
