<?php
/** Objects that arguments should not have, and keys that they often do. */
declare(strict_types=1);

namespace MadelineProto\Fuzz;

const KEYS = [
    '_', 'peer', 'message', 'text', 'caption', 'media', 'file', 'id', 'user_id', 'chat_id', 'channel_id', 'access_hash', 'flags', 'flags2', 'hash',
    'random_id', 'parse_mode', 'entities', 'reply_markup', 'reply_to_msg_id', 'top_msg_id', 'reply_to', 'data', 'url', 'rows', 'buttons',
    'disable_web_page_preview', 'disable_notification', 'reply_to_message_id', 'multiple', 'queueId', 'floodWaitLimit', 'nobody_knows', '0', '',
];

/** Text of an object that may throw. */
final class Loud
{
    public function __construct(private readonly int $what)
    {
    }

    public function __toString(): string
    {
        return match ($this->what) {
            0 => 'text',
            1 => throw new OnPurpose('thrown on purpose'),
            2 => "\xff",
        };
    }
}

/** What [`Loud`] throws. */
final class OnPurpose extends \LogicException
{
}

enum Suit: string
{
    case Hearts = 'h';
}

/** Arrays that contain themselves, to be broken up afterwards: nobody else would until PHP looks for them. */
final class Circles
{
    /** @var list<array> */
    public static array $made = [];

    public static function break(): void
    {
        foreach (self::$made as &$circle) {
            $circle = null;
        }
        self::$made = [];
    }
}
