//! What a page of the login looks like: `Settings\Templates` around a form.

use std::fmt::Write;

use super::{end, print};
use crate::exceptions::Thrown;
use crate::{function, lang};

/// Shows the code, a new one when the last has expired or was looked at, and loads the page again when it was scanned.
/// Without scripts, the form is still there.
const QR_SCRIPT: &str = r"<script>
(async () => {
  const place = document.getElementById('madeline-qr');
  const ask = async (what) => {
    const address = new URL(location.href);
    address.searchParams.set(what, '1');
    const answer = await fetch(address, {cache: 'no-store'});
    return (answer.headers.get('Content-Type') || '').includes('json') ? answer.json() : null;
  };
  for (let what = 'getQrCode', failures = 0; failures < 5;) {
    try {
      const answer = await ask(what);
      if (answer === null && what === 'getQrCode' || answer?.error) return;
      if (!answer?.svg) return location.replace(location.pathname + location.search);
      place.querySelector('img').src = 'data:image/svg+xml,' + encodeURIComponent(answer.svg);
      place.hidden = false;
      what = 'waitQrCodeOrLogin';
      failures = 0;
    } catch {
      failures++;
    }
    await new Promise((done) => setTimeout(done, 2000));
  }
})();
</script>";

/// A form that is being put together.
pub(super) struct Page {
    title: String,
    fields: String,
    trailer: String,
}

impl Page {
    /// A page with this headline.
    pub(super) fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            fields: format!("<p>{}</p>", escape(title)),
            trailer: String::new(),
        }
    }

    /// A sentence above the form.
    pub(super) fn note(mut self, text: &str) -> Self {
        let _ = write!(self.fields, "<p>{}</p>", escape(text));
        self
    }

    /// What went wrong with the form before.
    pub(super) fn error(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text {
            let text = lang::text_with("apiError", text);
            let alert = format!("<p role=\"alert\">{}</p>", escape(&text));
            self.fields.insert_str(0, &alert);
        }
        self
    }

    /// A field. `kind` and `completed_as` are HTML's `type` and `autocomplete`.
    pub(super) fn field(
        mut self,
        name: &str,
        label: &str,
        kind: &str,
        completed_as: &str,
        needed: Needed,
    ) -> Self {
        let needed = match needed {
            Needed::First => " required autofocus",
            Needed::Yes => " required",
            Needed::No => "",
        };
        let _ = write!(
            self.fields,
            "<label>{} <input type=\"{kind}\" name=\"{name}\" autocomplete=\"{completed_as}\"{needed}></label>",
            escape(label)
        );
        self
    }

    /// What was typed into the field `name` before, which is no secret: it can be corrected.
    pub(super) fn typed(mut self, name: &str, text: Option<&str>) -> Self {
        if let Some(text) = text {
            let field = format!("name=\"{name}\"");
            let filled = format!("{field} value=\"{}\"", escape(text.trim()));
            self.fields = self.fields.replacen(&field, &filled, 1);
        }
        self
    }

    /// A choice between values with their labels.
    pub(super) fn choice(mut self, name: &str, options: &[(&str, &str)]) -> Self {
        let _ = write!(self.fields, "<select name=\"{name}\" autofocus>");
        for (value, label) in options {
            let label = escape(label);
            let _ = write!(self.fields, "<option value=\"{value}\">{label}</option>");
        }
        self.fields.push_str("</select>");
        self
    }

    /// The place of the QR code.
    pub(super) fn qr_code(mut self) -> Self {
        let text = escape(&lang::text("loginWebQr"));
        let _ = write!(
            self.trailer,
            "<div id=\"madeline-qr\" hidden><p>{text}</p><img alt=\"QR\" width=\"300\" height=\"300\"></div>{QR_SCRIPT}"
        );
        self
    }

    /// A way back to the first page.
    pub(super) fn with_way_back(mut self) -> Self {
        let label = escape(&lang::text("loginAgain"));
        let _ = write!(
            self.trailer,
            "<form method=\"POST\"><button name=\"again\" value=\"1\">{label}</button></form>"
        );
        self
    }

    /// Prints the page and ends the script, as `die` does. Only an error in the template comes back as another
    /// exception.
    pub(super) fn show(self, template: &str) -> Thrown {
        let button = escape(&lang::text("go"));
        let title = escape(&self.title);
        let page = function::call(
            "sprintf",
            vec![&template, &title, &self.fields, &button, &self.trailer],
        );
        if let Err(thrown) = Thrown::pending() {
            return thrown;
        }
        headers(&["Cache-Control: no-store", "X-Frame-Options: SAMEORIGIN"]);
        if let Some(text) = page.as_ref().and_then(|page| page.zend_str()) {
            print(text.as_bytes());
        }
        end()
    }
}

/// Whether a field must be filled in.
#[derive(Clone, Copy)]
pub(super) enum Needed {
    /// It must, and is where one types first.
    First,
    /// It must.
    Yes,
    /// It need not.
    No,
}

/// Sends headers, unless it is too late for that.
pub(crate) fn headers(lines: &[&str]) {
    let sent = function::call("headers_sent", vec![]).and_then(|sent| sent.bool());
    if sent != Some(true) {
        for line in lines {
            function::call("header", vec![line]);
        }
    }
}

/// Text as HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
