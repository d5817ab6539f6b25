//! A question in one line, as somebody types it: `10.0.0.4 > 20.61.97.129 443 tcp`.

use crate::query::rules::AddressResolver;
use crate::query::rules::verdict::{
    End, Party, PartyError, RegistryPath, Trusted, VerdictQuestion,
};
use crate::rules::{Direction, Protocol};
use crate::text::Safe;

/// Why a line is no question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// An end that is none.
    #[error(transparent)]
    Party(#[from] PartyError),
    /// More than two ends.
    #[error("\"{text}\" is one end too many: a question has a source and a destination")]
    Third {
        /// The text.
        text: Safe,
    },
    /// The same end twice.
    #[error("the {end} is named twice: {text}")]
    Twice {
        /// Which end.
        end: &'static str,
        /// The second text.
        text: Safe,
    },
    /// A port that is none.
    #[error("\"{text}\" is no port: 1 to 65535")]
    Port {
        /// The text.
        text: Safe,
    },
    /// A way that is none.
    #[error(
        "\"{text}\" is no way to a registry: via private-endpoint, container-instances, defender, \
         machine-learning, import or tasks"
    )]
    RegistryPath {
        /// The text.
        text: Safe,
    },
}

/// What the next word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NextWord {
    Open,
    End(End),
    Port,
    RegistryPath,
}

impl VerdictQuestion {
    /// Reads a line: ends of the traffic, `from X`, `to Y` or `X > Y`, a port, a protocol, `in` or
    /// `out`, `via private-endpoint`. `None` while there is no end yet.
    ///
    /// # Errors
    /// The first word that fits nowhere.
    pub fn read(line: &str, resolver: &AddressResolver<'_>) -> Result<Option<Self>, PhraseError> {
        let mut question = Self::default();
        let mut next = NextWord::Open;
        for word in line.split_whitespace() {
            let word = word.trim_matches(',');
            if !word.is_empty() {
                next = question.take(word, next, resolver)?;
            }
        }
        let is_asked = question.from.is_some()
            || question.to.is_some()
            || question.registry_path != RegistryPath::Public;
        Ok(is_asked.then_some(question))
    }

    fn take(
        &mut self,
        word: &str,
        next: NextWord,
        resolver: &AddressResolver<'_>,
    ) -> Result<NextWord, PhraseError> {
        let lower = word.to_ascii_lowercase();
        match next {
            NextWord::Port => {
                self.port = Some(port(word)?);
                return Ok(NextWord::Open);
            }
            NextWord::RegistryPath => {
                self.registry_path = registry_path(word)?;
                return Ok(NextWord::Open);
            }
            NextWord::Open | NextWord::End(_) => {}
        }
        match lower.as_str() {
            "from" => return Ok(NextWord::End(End::From)),
            "to" | ">" | "->" | "→" => return Ok(NextWord::End(End::To)),
            "port" => return Ok(NextWord::Port),
            "via" => return Ok(NextWord::RegistryPath),
            "in" | "inbound" => self.direction = Some(Direction::In),
            "out" | "outbound" => self.direction = Some(Direction::Out),
            _ => return self.take_value(word, next, resolver),
        }
        Ok(next)
    }

    /// A port, a protocol, or an end.
    fn take_value(
        &mut self,
        word: &str,
        next: NextWord,
        resolver: &AddressResolver<'_>,
    ) -> Result<NextWord, PhraseError> {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if let Some(text) = word.strip_prefix(':').filter(|text| is_number(text)) {
            self.port = Some(port(text)?);
            return Ok(next);
        }
        if is_number(word) {
            self.port = Some(port(word)?);
            return Ok(next);
        }
        if let Some((text, name)) = word.split_once('/')
            && is_number(text)
            && let Some(protocol) = Protocol::parse(name)
        {
            self.port = Some(port(text)?);
            self.protocol = Some(protocol);
            return Ok(next);
        }
        let is_any = word == "*" || word.eq_ignore_ascii_case("any");
        if let Some(protocol) = Protocol::parse(word).filter(|_| !is_any) {
            self.protocol = Some(protocol);
            return Ok(next);
        }
        let mut text = word;
        if let Some((host, number)) = word.rsplit_once(':')
            && !host.contains([':', '/'])
            && is_number(number)
        {
            text = host;
            self.port = Some(port(number)?);
        }
        self.take_end(text, next, resolver)?;
        Ok(NextWord::Open)
    }

    fn take_end(
        &mut self,
        text: &str,
        next: NextWord,
        resolver: &AddressResolver<'_>,
    ) -> Result<(), PhraseError> {
        let end = match next {
            NextWord::End(end) => end,
            _ if self.from.is_none() && self.to.is_none() => {
                // A host is where traffic goes, and nothing comes from one.
                match Party::parse(text, End::From, resolver) {
                    Err(PartyError::Host { .. }) => End::To,
                    _ => End::From,
                }
            }
            _ if self.to.is_none() => End::To,
            _ if self.from.is_none() => End::From,
            _ => {
                let text = Safe::new(text);
                return Err(PhraseError::Third { text });
            }
        };
        let (own, name) = match end {
            End::From => (&mut self.from, "source"),
            End::To => (&mut self.to, "destination"),
        };
        if own.is_some() {
            let text = Safe::new(text);
            return Err(PhraseError::Twice { end: name, text });
        }
        *own = Some(Party::parse(text, end, resolver)?);
        Ok(())
    }

    /// The options of a command line that ask the same.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut push = |option: &str, value: Option<String>| {
            if let Some(value) = value {
                words.extend([option.to_owned(), value]);
            }
        };
        push("--from", self.from.as_ref().map(Party::word));
        push("--to", self.to.as_ref().map(Party::word));
        push("--port", self.port.map(|port| port.to_string()));
        let protocol = self.protocol.map(Protocol::name);
        push("--protocol", protocol.map(str::to_ascii_lowercase));
        let direction = self.direction.map(|direction| match direction {
            Direction::In => "in".to_owned(),
            Direction::Out => "out".to_owned(),
        });
        push("--direction", direction);
        match self.registry_path {
            RegistryPath::Public => {}
            RegistryPath::PrivateEndpoint => words.push("--private-endpoint".to_owned()),
            RegistryPath::Trusted(service) => {
                words.extend(["--trusted-service".to_owned(), service.word().to_owned()]);
            }
        }
        words
    }
}

impl Party {
    /// The word that names it on a command line.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            other => other.text(),
        }
    }
}

fn port(text: &str) -> Result<u16, PhraseError> {
    let port = text.parse().ok().filter(|&port: &u16| port > 0);
    port.ok_or_else(|| PhraseError::Port {
        text: Safe::new(&text.chars().take(20).collect::<String>()),
    })
}

fn registry_path(text: &str) -> Result<RegistryPath, PhraseError> {
    let letters = text.to_ascii_lowercase().replace(['-', '_'], "");
    if letters == "privateendpoint" || letters == "privatelink" {
        return Ok(RegistryPath::PrivateEndpoint);
    }
    let service = Trusted::parse(text).map(RegistryPath::Trusted);
    service.ok_or_else(|| PhraseError::RegistryPath {
        text: Safe::new(&text.chars().take(60).collect::<String>()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::embedded_index;
    use crate::query::{Dataset, Provenance, Source};

    fn dataset() -> Dataset {
        let provenance = Provenance {
            source: Source::Embedded,
            origin: Safe::new("embedded"),
            flaws: Vec::new(),
            flaw_count: 0,
            notes: Vec::new(),
        };
        Dataset::new(embedded_index().unwrap(), provenance)
    }

    /// The options that a line stands for, or what is wrong with it.
    fn read(line: &str) -> String {
        let dataset = dataset();
        match VerdictQuestion::read(line, &AddressResolver::new(&dataset, &[])) {
            Ok(None) => String::new(),
            Ok(Some(question)) => question.words().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_line_is_read_however_it_is_put() {
        for (line, expected) in [
            ("", ""),
            ("443 tcp", ""),
            ("10.0.0.4", "--from 10.0.0.4"),
            (
                "10.0.0.4 20.61.97.129 443",
                "--from 10.0.0.4 --to 20.61.97.129 --port 443",
            ),
            (
                "from 10.0.0.4 to 20.61.97.129 :443",
                "--from 10.0.0.4 --to 20.61.97.129 --port 443",
            ),
            (
                "10.0.0.0/24 > storage.westeurope 443/udp out",
                "--from 10.0.0.0/24 --to Storage.WestEurope --port 443 --protocol udp --direction out",
            ),
            ("to 8.8.8.8:53", "--to 8.8.8.8 --port 53"),
            (
                "contoso.azurecr.io:443",
                "--to contoso.azurecr.io --port 443",
            ),
            (
                "contoso.azurecr.io from 10.0.0.4",
                "--from 10.0.0.4 --to contoso.azurecr.io",
            ),
            (
                "* > 2001:db8::1 icmp",
                "--from * --to 2001:db8::1 --protocol icmp",
            ),
            ("via private-endpoint", "--private-endpoint"),
            ("via defender", "--trusted-service defender"),
            (
                "203.0.113.9 in port 8080",
                "--from 203.0.113.9 --port 8080 --direction in",
            ),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn what_fits_nowhere_is_named() {
        for (line, part) in [
            ("10.0.0.4 8.8.8.8 9.9.9.9", "9.9.9.9\" is one end too many"),
            ("from 10.0.0.4 from 10.0.0.5", "the source is named twice"),
            ("10.0.0.4 > 8.8.8.8 port x", "\"x\" is no port"),
            ("10.0.0.4 70000", "\"70000\" is no port"),
            ("via tunnel", "is no way to a registry"),
            ("Storage.WestEurop", "did you mean Storage.WestEurope"),
            ("from contoso.azurecr.io", "is a host name"),
        ] {
            let text = read(line);
            assert!(text.contains(part), "{line}: {text}");
        }
    }
}
