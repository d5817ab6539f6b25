//! The hosts of a plan that can be asked.

use crate::query::endpoints::Answer;
use crate::query::probe::{Check, Target};

impl Answer {
    /// Each host that can be asked, once; wildcards and names with a placeholder cannot.
    #[must_use]
    pub fn targets(&self) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for row in &self.rows {
            let Some(host) = row.probed_host() else {
                continue;
            };
            let check = if row.is_login_server() {
                Check::Registry
            } else {
                Check::Tls
            };
            if !targets.iter().any(|known| known.host == host) {
                targets.push(Target {
                    host: host.to_owned(),
                    port: row.port,
                    check,
                });
            }
        }
        targets
    }
}
