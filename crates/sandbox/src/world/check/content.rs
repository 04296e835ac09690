//! What holds for texts, keyboards and buttons.

use super::Check;
use crate::world::{Button, Content};

impl Check<'_> {
    pub(super) fn content(&mut self, place: &str, content: &Content) {
        if content.text.is_empty() && content.game.is_none() && content.file.is_none() {
            self.fault(place, "a message has a text, a file or a game");
        }
        if content.file.is_some() && content.game.is_some() {
            self.fault(place, "`file` and `game` exclude each other");
        }
        if let Some(file) = &content.file
            && self.world.files.get(file).is_none()
        {
            self.fault(
                format!("{place}.file"),
                format!("no file is named `{file}`"),
            );
        }
        if content.text.chars().count() > 4096 {
            self.fault(
                format!("{place}.text"),
                "a text has at most 4096 characters",
            );
        }
        let units = content.text.encode_utf16().count() as i64;
        for (index, entity) in content.entities.iter().enumerate() {
            let place = format!("{place}.entities[{index}]");
            let known = [
                "bold",
                "italic",
                "underline",
                "strike",
                "spoiler",
                "code",
                "pre",
                "url",
            ];
            if !known.contains(&entity.kind.as_str()) {
                self.fault(
                    format!("{place}.type"),
                    format!("`{}` is none of {}", entity.kind, known.join(", ")),
                );
            }
            if entity.offset < 0
                || entity.length < 1
                || i64::from(entity.offset) + i64::from(entity.length) > units
            {
                self.fault(place, "it lies outside the text");
            }
        }
        let markups = [
            content.keyboard.is_some(),
            content.reply_keyboard.is_some(),
            content.force_reply,
            content.hide_keyboard,
        ];
        if markups.into_iter().filter(|set| *set).count() > 1 {
            self.fault(
                place,
                "`keyboard`, `reply_keyboard`, `force_reply` and `hide_keyboard` exclude each other",
            );
        }
        if let Some(rows) = &content.keyboard {
            self.rows(&format!("{place}.keyboard"), rows, true);
        }
        if let Some(keyboard) = &content.reply_keyboard {
            self.rows(
                &format!("{place}.reply_keyboard.rows"),
                &keyboard.rows,
                false,
            );
        }
    }

    fn rows(&mut self, place: &str, rows: &[Vec<Button>], inline: bool) {
        if rows.is_empty() {
            self.fault(place, "a keyboard has at least one row");
        }
        for (row, buttons) in rows.iter().enumerate() {
            if buttons.is_empty() {
                self.fault(format!("{place}[{row}]"), "a row has at least one button");
            }
            for (column, button) in buttons.iter().enumerate() {
                self.button(&format!("{place}[{row}][{column}]"), button, inline);
            }
        }
    }

    fn button(&mut self, place: &str, button: &Button, inline: bool) {
        if button.text.is_empty() {
            self.fault(place, "a button has a text");
        }
        let inline_kinds = [
            button.data.is_some(),
            button.url.is_some(),
            button.url_auth.is_some(),
            button.switch_inline.is_some(),
            button.game,
            button.buy,
            button.user.is_some(),
            button.web_app.is_some(),
            button.copy.is_some(),
        ];
        let reply_kinds = [
            button.simple_web_app.is_some(),
            button.request_phone,
            button.request_location,
            button.request_poll.is_some(),
            button.request_peer.is_some(),
        ];
        let inline_count = inline_kinds.into_iter().filter(|set| *set).count();
        let reply_count = reply_kinds.into_iter().filter(|set| *set).count();
        match (inline, inline_count, reply_count) {
            (true, 1, 0) | (false, 0, 0 | 1) => {}
            (true, 0, _) => self.fault(
                place,
                "an inline button needs `data`, `url` or another inline kind",
            ),
            (false, 1.., _) => {
                self.fault(place, "that kind of button stands on inline keyboards only");
            }
            _ => self.fault(place, "a button has one kind"),
        }
        if let Some(data) = &button.data {
            self.data(place, &data.0);
        } else if button.requires_password {
            self.fault(place, "`requires_password` is for callback buttons");
        }
        if let Some(user) = &button.user {
            self.person(&format!("{place}.user"), user);
        }
        if let Some(poll) = &button.request_poll
            && !["regular", "quiz", "any"].contains(&poll.as_str())
        {
            self.fault(
                format!("{place}.request_poll"),
                format!("`{poll}` is none of regular, quiz, any"),
            );
        }
        if let Some(peer) = &button.request_peer
            && !["user", "bot", "chat", "channel"].contains(&peer.kind.as_str())
        {
            self.fault(
                format!("{place}.request_peer"),
                format!("`{}` is none of user, bot, chat, channel", peer.kind),
            );
        }
    }

    pub(super) fn data(&mut self, place: &str, data: &[u8]) {
        if data.is_empty() || data.len() > 64 {
            self.fault(format!("{place}.data"), "callback data has 1 to 64 bytes");
        }
    }
}
