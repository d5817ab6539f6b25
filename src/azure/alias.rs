//! What services are called beside the names of their tags.

use crate::text::fold;

/// Old, common and documented names of services; each a row of `assets/aliases.csv`.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    /// Names and the base tags that they stand for.
    rows: Vec<(String, Vec<String>)>,
}

impl Aliases {
    /// Reads `assets/aliases.csv`, embedded at build time.
    #[must_use]
    pub fn embedded() -> Self {
        let table = include_str!("../../assets/aliases.csv");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let rows = reader.records().filter_map(|row| {
            let row = row.ok()?;
            let bases = row.get(1)?.split(' ').map(str::to_owned);
            Some((row.get(0)?.to_owned(), bases.collect()))
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// Whether a text is one of the names, in any case.
    #[must_use]
    pub fn has(&self, text: &str) -> bool {
        let mut names = self.rows.iter();
        names.any(|(alias, _)| alias.eq_ignore_ascii_case(text.trim()))
    }

    /// The folded names of a base tag.
    #[must_use]
    pub fn of(&self, base: &str) -> Vec<String> {
        let is_it = |(_, bases): &&(String, Vec<String>)| bases.iter().any(|it| it == base);
        let rows = self.rows.iter().filter(is_it);
        rows.map(|(alias, _)| fold(alias)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Facts;

    #[test]
    fn every_alias_stands_for_a_known_service_and_has_a_source() {
        let services = Facts::embedded().services;
        let table = include_str!("../../assets/aliases.csv");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            assert!(row[2].starts_with("https://"), "{row:?}");
            for base in row[1].split(' ') {
                let known = services.of_tag(base).map(|known| known.base_tag.clone());
                assert_eq!(known.as_deref(), Some(base), "{row:?}");
            }
            rows += 1;
        }
        assert_eq!(Aliases::embedded().rows.len(), rows);
    }
}
