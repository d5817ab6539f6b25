//! Terraform for the provider azurerm. Arguments as in `azurerm_network_security_rule`,
//! `azurerm_firewall_policy_rule_collection_group`, `azurerm_ip_group`, `azurerm_route`,
//! `azurerm_container_registry`.

use crate::query::rules::make::header;
use crate::query::rules::make::job::{MadeRule, MakeJob, Remote};
use crate::query::rules::make::names::{self, TakenNames};
use crate::query::rules::make::properties::{
    address, description, direction_word, firewall_protocol, ports, split,
};
use crate::query::rules::make::{Hop, Resource, Variables};
use crate::rules::Direction;

/// A text with its quotes.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // Two of them are one, and no template begins.
            '$' | '%' if chars.peek() == Some(&'{') => {
                out.push(c);
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The body of a block, with `=` below each other as `terraform fmt` has it.
struct Body {
    depth: usize,
    lines: Vec<String>,
    /// Arguments of one line that were not written yet.
    open: Vec<(String, String)>,
}

impl Body {
    fn new(depth: usize) -> Self {
        Self {
            depth,
            lines: Vec::new(),
            open: Vec::new(),
        }
    }

    fn indent(&self) -> String {
        "  ".repeat(self.depth)
    }

    fn close(&mut self) {
        let width = self
            .open
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        let indent = self.indent();
        for (name, value) in std::mem::take(&mut self.open) {
            self.lines.push(format!("{indent}{name:width$} = {value}"));
        }
    }

    /// An expression as it stands.
    fn raw(&mut self, name: &str, value: &str) -> &mut Self {
        self.open.push((name.to_owned(), value.to_owned()));
        self
    }

    fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(name, &quoted(value))
    }

    /// A list: short on its line, else one entry a line.
    fn list(&mut self, name: &str, values: &[String]) -> &mut Self {
        if let [only] = values {
            return self.raw(name, &format!("[{}]", quoted(only)));
        }
        self.close();
        let indent = self.indent();
        self.lines.push(format!("{indent}{name} = ["));
        for value in values {
            self.lines.push(format!("{indent}  {},", quoted(value)));
        }
        self.lines.push(format!("{indent}]"));
        self
    }

    fn block(&mut self, head: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.close();
        if !self.lines.is_empty() && self.depth > 0 {
            self.lines.push(String::new());
        }
        let indent = self.indent();
        self.lines.push(format!("{indent}{head} {{"));
        let mut inner = Self::new(self.depth + 1);
        fill(&mut inner);
        inner.close();
        self.lines.append(&mut inner.lines);
        self.lines.push(format!("{indent}}}"));
        self
    }

    /// A blank line between blocks of the file.
    fn gap(&mut self) {
        self.close();
        self.lines.push(String::new());
    }

    /// The lines, none of them empty at the end.
    fn finish(mut self) -> String {
        self.close();
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines.into_iter().map(|line| line + "\n").collect()
    }
}

/// A variable that a file uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The block that declares it.
    pub block: String,
}

impl Variable {
    fn new(name: &'static str, what: &str, default: Option<&str>) -> Self {
        let mut body = Body::new(0);
        body.block(&format!("variable \"{name}\""), |body| {
            body.text("description", what).raw("type", "string");
            if let Some(default) = default {
                body.text("default", default);
            }
        });
        let block = body.finish();
        Self { name, block }
    }
}

/// The text of a file of variables with those of a rule file that it does not declare yet.
#[must_use]
pub fn with_variables(text: &str, variables: &[Variable]) -> String {
    let is_declared = |name: &str| {
        text.lines().any(|line| {
            let rest = line.trim_start().strip_prefix("variable");
            let rest = rest.map(|rest| rest.trim_start().trim_start_matches('"'));
            let end = rest.and_then(|rest| rest.strip_prefix(name));
            end.is_some_and(|end| end.starts_with(['"', ' ', '\t', '{']))
        })
    };
    let mut out = text.to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    for variable in variables.iter().filter(|it| !is_declared(it.name)) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&variable.block);
    }
    out
}

/// The file.
pub(super) fn file(job: &MakeJob<'_>, resource: Resource) -> String {
    let mut out = header::comments(job, "#");
    if job.options.variables == Variables::Declared {
        for variable in variables(job, resource) {
            out.push('\n');
            out.push_str(&variable.block);
        }
    }
    let mut body = Body::new(0);
    body.gap();
    match resource {
        Resource::SecurityGroup => security_group(job, &mut body),
        Resource::Firewall => firewall(job, &mut body),
        Resource::IpGroup => ip_group(job, &mut body),
        Resource::RouteTable => route_table(job, &mut body),
        Resource::Registry => registry(job, &mut body),
    }
    out.push_str(&body.finish());
    out
}

/// A list as the value of a variable.
pub(super) fn values(job: &MakeJob<'_>) -> String {
    let mut out = header::comments(job, "#");
    let mut body = Body::new(0);
    body.gap();
    let entries: Vec<String> = job.blocks.iter().map(ToString::to_string).collect();
    body.list(&label(job), &entries);
    out.push_str(&body.finish());
    out
}

/// The variables that the rules of a resource use.
pub(super) fn variables(job: &MakeJob<'_>, resource: Resource) -> Vec<Variable> {
    let group = || {
        let default = job.options.resource_group.as_deref();
        Variable::new("resource_group_name", "The resource group", default)
    };
    let own = |name, what| Variable::new(name, what, job.options.resource.as_deref());
    let location = || Variable::new("location", "The region", None);
    match resource {
        Resource::SecurityGroup => {
            let what = "The network security group, which is there";
            vec![group(), own("network_security_group_name", what)]
        }
        Resource::Firewall => {
            let what = "The resource ID of the firewall policy";
            vec![own("firewall_policy_id", what)]
        }
        Resource::IpGroup => vec![group(), own("ip_group_name", "The IP group"), location()],
        Resource::RouteTable => {
            let what = "The route table, which is there";
            vec![group(), own("route_table_name", what)]
        }
        Resource::Registry => vec![group(), own("registry_name", "The registry"), location()],
    }
}

/// The label of the one block of a file.
fn label(job: &MakeJob<'_>) -> String {
    names::snake(job.base(), names::MOST_LABEL)
}

fn security_group(job: &MakeJob<'_>, body: &mut Body) {
    let mut taken = TakenNames::default();
    for rule in &job.rules {
        let label = names::snake(&rule.name, names::MOST_LABEL);
        let label = taken.give(label, "_", names::MOST_LABEL);
        let head = format!("resource \"azurerm_network_security_rule\" \"{label}\"");
        body.block(&head, |body| security_rule(job, rule, body))
            .gap();
    }
}

fn security_rule(job: &MakeJob<'_>, rule: &MadeRule, body: &mut Body) {
    body.text("name", &rule.name)
        .raw("resource_group_name", "var.resource_group_name")
        .raw(
            "network_security_group_name",
            "var.network_security_group_name",
        );
    let why = description(rule);
    if !why.is_empty() {
        body.text("description", &why);
    }
    body.raw("priority", &rule.priority.to_string())
        .text("direction", direction_word(job.direction))
        .text("access", "Allow")
        .text("protocol", rule.protocol.name())
        .text("source_port_range", "*");
    let ports = ports(&rule.ports, "*");
    match ports.as_slice() {
        [port] => body.text("destination_port_range", port),
        ports => body.list("destination_port_ranges", ports),
    };
    let (near, single, plural) = match job.direction {
        Direction::In => (
            "destination_address_prefix",
            "source_address_prefix",
            "source_address_prefixes",
        ),
        Direction::Out => (
            "source_address_prefix",
            "destination_address_prefix",
            "destination_address_prefixes",
        ),
    };
    body.text(near, &job.peer());
    match &rule.remote {
        Remote::Tag(tag) => body.text(single, tag),
        remote => body.list(plural, &remote.texts()),
    };
}

fn firewall(job: &MakeJob<'_>, body: &mut Body) {
    let label = label(job);
    let head = format!("resource \"azurerm_firewall_policy_rule_collection_group\" \"{label}\"");
    body.block(&head, |body| {
        body.text("name", &job.azure_base())
            .raw("firewall_policy_id", "var.firewall_policy_id")
            .raw("priority", &job.first_priority().to_string());
        for (priority, name, rules) in split(job) {
            let is_application = rules
                .iter()
                .any(|rule| matches!(rule.remote, Remote::Hosts(_)));
            let head = if is_application {
                "application_rule_collection"
            } else {
                "network_rule_collection"
            };
            body.block(head, |body| {
                body.text("name", &name)
                    .raw("priority", &priority.to_string())
                    .text("action", "Allow");
                for rule in rules {
                    body.block("rule", |body| firewall_rule(job, rule, body));
                }
            });
        }
    });
}

fn firewall_rule(job: &MakeJob<'_>, rule: &MadeRule, body: &mut Body) {
    body.text("name", &rule.name);
    let why = description(rule);
    if !why.is_empty() {
        body.text("description", &why);
    }
    body.list("source_addresses", &[job.peer()]);
    if let Remote::Hosts(hosts) = &rule.remote {
        body.list("destination_fqdns", hosts);
        for port in ports(&rule.ports, "443") {
            body.block("protocols", |body| {
                body.text("type", "Https").raw("port", &port);
            });
        }
        return;
    }
    let protocol = firewall_protocol(rule.protocol).to_owned();
    body.list("protocols", &[protocol])
        .list("destination_addresses", &rule.remote.texts())
        .list("destination_ports", &ports(&rule.ports, "*"));
}

fn ip_group(job: &MakeJob<'_>, body: &mut Body) {
    let head = format!("resource \"azurerm_ip_group\" \"{}\"", label(job));
    let entries: Vec<String> = job.blocks.iter().map(ToString::to_string).collect();
    body.block(&head, |body| {
        body.raw("name", "var.ip_group_name")
            .raw("resource_group_name", "var.resource_group_name")
            .raw("location", "var.location")
            .list("cidrs", &entries);
    });
}

fn route_table(job: &MakeJob<'_>, body: &mut Body) {
    let label = label(job);
    body.block("locals", |body| {
        body.block(&format!("{label}_routes ="), |body| {
            for route in &job.routes {
                body.raw(&quoted(&route.name), &quoted(&route.to));
            }
        });
    })
    .gap();
    let head = format!("resource \"azurerm_route\" \"{label}\"");
    body.block(&head, |body| {
        body.raw("for_each", &format!("local.{label}_routes")).gap();
        body.raw("name", "each.key")
            .raw("resource_group_name", "var.resource_group_name")
            .raw("route_table_name", "var.route_table_name")
            .raw("address_prefix", "each.value")
            .text("next_hop_type", job.options.hop.kind());
        if let Hop::Appliance(address) = job.options.hop {
            body.text("next_hop_in_ip_address", &address.to_string());
        }
    });
}

fn registry(job: &MakeJob<'_>, body: &mut Body) {
    let label = label(job);
    let addresses: Vec<String> = job.blocks.iter().map(|&block| address(block)).collect();
    body.block("locals", |body| {
        body.list(&format!("{label}_addresses"), &addresses);
    })
    .gap();
    body.lines.push(
        "# Put network_rule_set into the resource of your registry. Everybody who is in no rule is refused."
            .to_owned(),
    );
    let head = format!("resource \"azurerm_container_registry\" \"{label}\"");
    body.block(&head, |body| {
        body.raw("name", "var.registry_name")
            .raw("resource_group_name", "var.resource_group_name")
            .raw("location", "var.location")
            .text("sku", "Premium")
            .block("network_rule_set", |body| {
                body.text("default_action", "Deny")
                    .block("dynamic \"ip_rule\"", |body| {
                        body.raw("for_each", &format!("local.{label}_addresses"))
                            .block("content", |body| {
                                body.text("action", "Allow")
                                    .raw("ip_range", "ip_rule.value");
                            });
                    });
            });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_declared_once() {
        let [group, place] = ["resource_group_name", "location"].map(|name| Variable {
            name,
            block: format!("variable \"{name}\" {{}}\n"),
        });
        let both = [group.clone(), place.clone()];
        let fresh = with_variables("", &both);
        assert_eq!(fresh, format!("{}\n{}", group.block, place.block));
        assert_eq!(with_variables(&fresh, &both), fresh);
        for own in [
            "variable \"location\" {\n  default = \"x\"\n}",
            "  variable location{}",
        ] {
            let text = with_variables(own, &both);
            assert_eq!(text, format!("{own}\n\n{}", group.block));
        }
        let other = "variable \"location_of_all\" {}\n";
        assert!(with_variables(other, &both).contains(&place.block));
    }

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            ("a\"b\\c\n", r#""a\"b\\c\n""#),
            ("${var.x} %{if} $x 5%", r#""$${var.x} %%{if} $x 5%""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
