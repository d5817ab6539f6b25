//! The table of problems: what each needs, what speaks against it, and what it outranks.
//!
//! A need is a word of evidence: a problem that a sentence or a status tells of, a sign, a program,
//! or one of [`WORDS`]. What is said of a problem is data, in `assets/problems.toml`.

use std::collections::BTreeSet;

use crate::query::explain::names::Role;

/// The words of evidence that are no sentence.
#[cfg(test)]
pub(super) const WORDS: &[&str] = &[
    // Of the failure.
    "400",
    "401",
    "403",
    "404",
    "405",
    "407",
    "409",
    "413",
    "429",
    "500",
    "502",
    "503",
    "504",
    "415",
    "hosted",
    "client",
    "token",
    "cut",
    "server",
    "server-private",
    "named-host",
    "private-name",
    "at-target",
    "source-registry",
    "value",
    "registry-host",
    // Of the host that failed.
    "own-host",
    "data-host",
    "blob-host",
    "layer-host",
    "mcr-host",
    "sign-in-host",
    "management-host",
    // Of the address that the registry saw.
    "nameless",
    "private",
    "shared",
    "reserved",
    "v6",
    "task",
    "azure",
    "outside",
    "unknown",
    "devops",
    "in-service",
    // Of the registry and its cloud.
    "subnets",
    "zone",
    "zone-assumed",
    "cloud",
    "mcr-public",
    "hashed",
    "misnamed",
    "other-cloud",
    "has-service",
    "respelt",
    "tag-as-is",
];

/// What decides on a problem.
pub(super) struct ProblemRule {
    pub id: &'static str,
    /// Any of these lists of words, each whole; none: its own sentence or status.
    needs: &'static [&'static [&'static str]],
    /// None of these.
    against: &'static [&'static str],
    /// What it explains away.
    outranks: &'static [&'static str],
}

const fn rule(
    id: &'static str,
    needs: &'static [&'static [&'static str]],
    against: &'static [&'static str],
    outranks: &'static [&'static str],
) -> ProblemRule {
    ProblemRule {
        id,
        needs,
        against,
        outranks,
    }
}

/// What no cause on the way and no refusal leaves standing.
const ATTEMPTS: &[&str] = &["anonymous", "back-off", "unreachable"];

/// Every problem but those that their own sentence alone decides. Of two that neither outranks the
/// other, the first in this table is the answer.
#[rustfmt::skip]
const TABLE: &[ProblemRule] = &[
    rule("private-link-name",
        &[&["private-name", "certificate"], &["private-name", "unauthorized"],
          &["private-name", "registry-forbidden"], &["private-name", "registry-denied"], &["private-name", "timeout"],
          &["private-name", "not-found"], &["private-name", "unreachable"], &["private-name", "connection-refused"]],
        &[],
        &["certificate", "unauthorized", "dns", "registry-forbidden", "registry-denied", "timeout", "not-found",
          "unreachable", "connection-refused", "private-endpoint", "anonymous", "back-off"]),
    rule("import-target",
        &[&["import-target"], &["import", "at-target", "registry-forbidden"], &["import", "at-target", "registry-denied"],
          &["import", "at-target", "unauthorized"], &["import", "at-target", "import-access"]],
        &[],
        &["authorization", "registry-forbidden", "registry-denied", "unauthorized", "import-source", "anonymous"]),
    rule("import-source",
        &[&["import-source"], &["import", "unauthorized"], &["import", "registry-forbidden"],
          &["import", "registry-denied"], &["import", "not-found"], &["import", "throttled"], &["import", "docker-hub"],
          &["import", "dns"], &["import", "timeout"], &["import", "authorization"]],
        &["registry-not-found", "health:LOGIN_SERVER_ERROR"],
        &["registry-denied", "registry-forbidden", "unauthorized", "not-found", "throttled", "docker-hub", "dns", "timeout",
          "anonymous", "authorization", "wrong-registry", "microsoft-registry"]),
    rule("firewall-log",
        &[&["firewall-log", "named-host"], &["firewall-log", "server"]], &[],
        &["registry-forbidden", "timeout", "certificate", "connection-reset", "connection-refused"]),
    rule("tasks", &[], &[], &["registry-forbidden", "unauthorized", "authorization"]),
    rule("public-access",
        &[&["public-off", "registry-forbidden"], &["public-off", "registry-denied"], &["public-off", "health:CONNECTIVITY_FORBIDDEN_ERROR"]],
        &[],
        &["registry-denied", "registry-forbidden", "unauthorized", "anonymous", "health:CONNECTIVITY_FORBIDDEN_ERROR",
          "health:CONNECTIVITY_REFRESH_TOKEN_ERROR", "health:CONNECTIVITY_ACCESS_TOKEN_ERROR", "back-off"]),
    rule("registry-denied", &[], &[],
        &["registry-forbidden", "unauthorized", "anonymous", "back-off", "not-found", "tasks-network", "timeout", "locked",
          "health:CONNECTIVITY_FORBIDDEN_ERROR", "health:CONNECTIVITY_REFRESH_TOKEN_ERROR",
          "health:CONNECTIVITY_ACCESS_TOKEN_ERROR", "server-error"]),
    rule("tasks-network", &[], &[], &["registry-forbidden", "unauthorized", "anonymous"]),
    rule("address-prefix", &[], &[], &["registry-forbidden"]),
    rule("provider-registration", &[], &[], &["authorization", "registry-forbidden", "subnet-rule"]),
    rule("subnet-rule", &[], &[], &["authorization", "registry-forbidden", "not-found"]),
    rule("portal", &[], &[], &[]),
    rule("sign-in", &[], &[],
        &["unauthorized", "registry-forbidden", "authorization", "health:CONNECTIVITY_REFRESH_TOKEN_ERROR",
          "health:CONNECTIVITY_ACCESS_TOKEN_ERROR"]),
    rule("tier", &[], &[], &["registry-forbidden", "quota", "locked", "unauthorized"]),
    rule("quota", &[], &[], &["registry-forbidden", "throttled", "locked", "unauthorized", "connection-reset"]),
    rule("data-endpoint-forbidden", &[], &[],
        &["unauthorized", "anonymous", "back-off", "data-endpoint", "authorization", "registry-forbidden"]),
    rule("authorization", &[], &["anonymous-token"], &["registry-forbidden", "unauthorized", "anonymous"]),
    rule("agent-pool", &[], &[], &["registry-not-found", "not-found"]),
    rule("subscription", &[], &[], &["registry-not-found", "not-found"]),
    rule("registry-not-found", &[], &[], &["not-found", "registry-name"]),
    rule("registry-name", &[], &[], &["not-found"]),
    rule("rule-limit", &[], &[], &[]),
    rule("docker-hub", &[], &[], &["throttled", "unauthorized", "wrong-registry", "back-off", "not-found"]),
    rule("artifact", &[], &[], &["back-off", "not-found", "data-endpoint"]),
    rule("upload", &[], &[], &["not-found", "locked", "connection-reset"]),
    rule("image-name", &[], &[], &["back-off", "not-found"]),
    rule("platform", &[], &[], &["not-found", "back-off"]),
    rule("wrong-registry", &[&["wrong-registry", "access-denied"]], &["registry-host"], &["unauthorized", "authorization", "anonymous", "back-off"]),
    rule("private-endpoint",
        &[&["health:CONNECTIVITY_CHALLENGE_ERROR", "server-private"], &["timeout", "server-private"],
          &["health:CONNECTIVITY_WWW_AUTHENTICATE_ERROR", "server-private"]],
        &["data-endpoint", "registry-denied", "proxy"],
        &["health:CONNECTIVITY_CHALLENGE_ERROR", "health:CONNECTIVITY_WWW_AUTHENTICATE_ERROR", "timeout", "unreachable",
          "unauthorized", "anonymous", "back-off"]),
    rule("proxy", &[], &[],
        &["dns", "timeout", "connection-refused", "connection-reset", "unreachable", "unauthorized", "anonymous", "back-off",
          "registry-forbidden", "data-endpoint", "data-endpoint-forbidden", "server-error"]),
    rule("certificate", &[], &[], &["unreachable", "unauthorized", "anonymous", "back-off", "data-endpoint"]),
    rule("dns", &[], &[],
        &["timeout", "connection-refused", "unreachable", "unauthorized", "anonymous", "back-off", "data-endpoint"]),
    rule("not-found", &[], &[], &["unauthorized", "anonymous", "back-off"]),
    rule("data-endpoint",
        &[&["data-endpoint"], &["layers", "timeout"], &["layers", "connection-reset"], &["layers", "connection-refused"],
          &["layers", "unreachable"]],
        &[],
        &["timeout", "connection-reset", "connection-refused", "unreachable", "unauthorized", "anonymous", "back-off"]),
    rule("registry-forbidden", &[], &[],
        &["unauthorized", "anonymous", "back-off", "health:CONNECTIVITY_REFRESH_TOKEN_ERROR",
          "health:CONNECTIVITY_ACCESS_TOKEN_ERROR"]),
    rule("locked", &[], &[], &["unauthorized"]),
    rule("microsoft-registry", &[], &[], &["back-off"]),
    rule("throttled", &[], &[], &["unauthorized", "anonymous", "back-off"]),
    rule("server-error", &[], &[], &["unauthorized", "anonymous", "back-off"]),
    rule("timeout", &[], &[], ATTEMPTS),
    rule("connection-refused", &[], &[], ATTEMPTS),
    rule("connection-reset", &[], &[], ATTEMPTS),
    rule("unreachable", &[], &[], &["back-off"]),
    rule("anonymous",
        &[&["unauthorized", "anonymous-token", "hosted"], &["unauthorized", "anonymous-token", "client"],
          &["unauthorized", "container-apps"], &["unauthorized", "app-service"], &["unauthorized", "functions"],
          &["unauthorized", "container-instances"]],
        &["wrong-credentials"],
        &["unauthorized", "back-off"]),
    rule("unauthorized", &[], &[], &["back-off"]),
    rule("back-off", &[], &[], &[]),
    rule("health:CONNECTIVITY_CHALLENGE_ERROR", &[], &[], &["not-found", "unauthorized"]),
    rule("health:CONNECTIVITY_FORBIDDEN_ERROR", &[], &[], &["registry-forbidden", "unauthorized"]),
    rule("health:CONNECTIVITY_DNS_ERROR", &[], &[], &["dns", "unreachable", "timeout"]),
    rule("health:CONNECTIVITY_SSL_ERROR", &[], &[], &["certificate", "unreachable"]),
    rule("health:CONNECTIVITY_TOOMANYREQUESTS_ERROR", &[], &[], &["throttled"]),
    rule("health:CONNECTIVITY_REFRESH_TOKEN_ERROR", &[], &[], &["unauthorized"]),
    rule("health:CONNECTIVITY_ACCESS_TOKEN_ERROR", &[], &[], &["unauthorized"]),
    rule("health:LOGIN_SERVER_ERROR", &[], &[], &["registry-not-found", "not-found"]),
    rule("health:DOCKER_DAEMON_ERROR", &[], &[], &["unreachable", "connection-refused", "health:DOCKER_COMMAND_ERROR"]),
];

/// What a failure is at a host that is none of the login servers.
#[rustfmt::skip]
const AT_HOST: &[(&[Role], &[&str], &str)] = &[
    (&[Role::Data, Role::Blob, Role::Layers], &["timeout", "connection-refused", "connection-reset", "unreachable"], "data-endpoint"),
    (&[Role::Data, Role::Blob], &["registry-forbidden", "unauthorized"], "data-endpoint-forbidden"),
    (&[Role::Microsoft, Role::Layers], &["registry-forbidden", "unauthorized", "throttled"], "microsoft-registry"),
];

/// The problem that a sentence tells of at a host.
pub(super) fn at_host(id: &'static str, role: Option<Role>) -> &'static str {
    let found = AT_HOST.iter().find(|(roles, ids, _)| {
        role.is_some_and(|role| roles.contains(&role)) && ids.contains(&id)
    });
    found.map_or(id, |&(_, _, other)| other)
}

/// Whether one problem explains another away.
pub(super) fn outranks(one: &str, other: &str) -> bool {
    let rule = TABLE.iter().find(|rule| rule.id == one);
    rule.is_some_and(|rule| rule.outranks.contains(&other))
}

/// The problems that fit the evidence: the answer, and what was seen besides. `told` are those
/// that sentences tell of, in the order of the text.
pub(super) fn decide(
    told: &[&'static str],
    words: &BTreeSet<&'static str>,
) -> Option<(&'static str, Vec<&'static str>)> {
    let holds = |needs: &&[&str]| needs.iter().all(|word| words.contains(word));
    let fits = |rule: &ProblemRule| {
        let is_there = if rule.needs.is_empty() {
            told.contains(&rule.id)
        } else {
            rule.needs.iter().any(holds)
        };
        is_there && !rule.against.iter().any(|word| words.contains(word))
    };
    let ruled = |id: &str| TABLE.iter().any(|rule| rule.id == id);
    let mut found: Vec<&'static str> = TABLE
        .iter()
        .filter(|rule| fits(rule))
        .map(|rule| rule.id)
        .collect();
    found.extend(told.iter().filter(|id| !ruled(id)));
    let is_left = |id: &&&'static str| !found.iter().any(|other| outranks(other, id));
    let answer = found.iter().find(is_left).or(found.first()).copied()?;
    let mut others = Vec::new();
    for id in found.iter().chain(told).copied() {
        if id != answer && !others.contains(&id) {
            others.push(id);
        }
    }
    Some((answer, others))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::explain::catalogue::{Catalogue, Entry, Prose};

    fn is_known(word: &str) -> bool {
        let catalogue = Catalogue::embedded();
        let mut speakers = catalogue.programs.iter().chain(&catalogue.signs);
        WORDS.contains(&word)
            || catalogue.problem(word).is_some()
            || speakers.any(|it| it.id == word)
    }

    #[test]
    fn every_word_of_the_table_is_evidence() {
        for rule in TABLE {
            let catalogue = Catalogue::embedded();
            assert!(catalogue.problem(rule.id).is_some(), "{}", rule.id);
            let needs = rule.needs.iter().flat_map(|needs| needs.iter());
            for word in needs.chain(rule.against).chain(rule.outranks) {
                assert!(is_known(word), "{}: {word}", rule.id);
            }
        }
        let problems = AT_HOST
            .iter()
            .flat_map(|(_, ids, id)| ids.iter().chain([id]));
        for id in problems {
            assert!(is_known(id), "{id}");
        }
    }

    #[test]
    fn every_word_of_the_asset_is_evidence() {
        fn each<'a>(prose: &'a Prose, entries: &mut Vec<&'a Entry>) {
            let lists = [
                &prose.title.0,
                &prose.meaning.0,
                &prose.causes,
                &prose.checks,
                &prose.changes,
                &prose.instead,
                &prose.verify,
                &prose.in_vain,
                &prose.notes,
                &prose.r#use,
            ];
            for entry in lists.into_iter().flatten() {
                entries.push(entry);
                entries.extend(&entry.run);
            }
        }
        let catalogue = Catalogue::embedded();
        let mut entries = Vec::new();
        for prose in catalogue.problems.iter().chain(&catalogue.parts) {
            each(prose, &mut entries);
        }
        entries.extend(catalogue.command.values().flatten());
        for entry in entries {
            for word in entry.when.split([' ', '|']).filter(|word| !word.is_empty()) {
                let word = word.trim_start_matches('!');
                assert!(is_known(word), "{word}: {}", entry.text);
            }
        }
    }

    #[test]
    fn nothing_outranks_in_a_circle() {
        for rule in TABLE {
            for other in rule.outranks {
                assert!(!outranks(other, rule.id), "{} and {other}", rule.id);
            }
        }
    }

    #[test]
    fn the_evidence_decides() {
        let decide = |told: &[&'static str], more: &[&'static str]| {
            let words = told.iter().chain(more).copied().collect();
            decide(told, &words).unwrap().0
        };
        let refresh = "health:CONNECTIVITY_REFRESH_TOKEN_ERROR";
        assert_eq!(
            decide(&[refresh, "registry-forbidden"], &["403"]),
            "registry-forbidden"
        );
        assert_eq!(decide(&[refresh, "unauthorized"], &["401"]), refresh);
        assert_eq!(decide(&["unauthorized", "not-found"], &[]), "not-found");
        let kubelet = ["anonymous-token", "hosted"];
        assert_eq!(decide(&["unauthorized"], &kubelet), "anonymous");
        assert_eq!(
            decide(&["unauthorized"], &["anonymous-token"]),
            "unauthorized"
        );
    }
}
