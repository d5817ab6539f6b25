//! The access token of the Discovery API.
//!
//! It goes into one header and nowhere else: not into an address, a log, an error or a `Debug`
//! form.

use std::fmt;

use reqwest::header::HeaderValue;

use crate::net::FetchError;

/// An access token; its `Debug` form shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    header: HeaderValue,
}

impl Token {
    /// Takes a token as it was printed: space around it, quotes and a leading `Bearer` are dropped.
    ///
    /// # Errors
    ///
    /// [`FetchError::BadToken`] when it is empty or holds what cannot stand in a header.
    pub fn new(text: &str) -> Result<Self, FetchError> {
        let flaw = |flaw| FetchError::BadToken { flaw };
        let bare = text.trim().trim_matches('"');
        let bare = bare.strip_prefix("Bearer ").unwrap_or(bare).trim();
        if bare.is_empty() {
            return Err(flaw("is empty"));
        }
        if !bare.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(flaw("holds spaces or other characters that no token has"));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {bare}"))
            .map_err(|_| flaw("cannot stand in a header"))?;
        header.set_sensitive(true);
        Ok(Self { header })
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// `text` without the token, should a server repeat it.
    pub(super) fn scrub(&self, text: &str) -> String {
        let bearer = self.header.to_str().unwrap_or_default();
        let bare = bearer.trim_start_matches("Bearer ");
        text.replace(bare, "…")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
