//! Templates of Azure Resource Manager, as JSON and as Bicep.

use std::fmt::Write as _;

use crate::query::rules::make::header;
use crate::query::rules::make::job::MakeJob;
use crate::query::rules::make::names::{self, TakenNames};
use crate::query::rules::make::properties::{address, collections, route, security_rule};
use crate::query::rules::make::tree::{Tree, bicep_text, text, texts};
use crate::query::rules::make::{MakeOptions, Resource};

const NETWORK: &str = "2024-05-01";
const REGISTRY: &str = "2023-07-01";
const SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

/// A parameter: name, type, what it is, default.
struct Parameter {
    name: &'static str,
    kind: &'static str,
    what: &'static str,
    default: Option<Tree>,
}

/// One resource of a template.
struct TemplateResource {
    /// Its name in Bicep.
    symbol: String,
    kind: &'static str,
    version: &'static str,
    /// The resource that it lies in, by its symbol, and the parameter with its name.
    parent: Option<(&'static str, &'static str)>,
    name: Tree,
    /// Members besides `properties`.
    members: Vec<(&'static str, Tree)>,
    properties: Tree,
    /// The name and the symbol of the one before: rules of one group are not changed at once.
    after: Option<(String, String)>,
}

struct Template {
    /// What a reader must know, in comments.
    remarks: Vec<&'static str>,
    parameters: Vec<Parameter>,
    /// A resource that is there: symbol, kind.
    existing: Option<(&'static str, &'static str, &'static str)>,
    parts: Vec<TemplateResource>,
}

/// The template as JSON.
pub(super) fn template(job: &MakeJob<'_>, resource: Resource) -> String {
    let template = build(job, resource);
    let parameters = template.parameters.iter().map(|parameter| {
        let mut members = vec![("type", text(parameter.kind))];
        if let Some(default) = &parameter.default {
            members.push(("defaultValue", default.clone()));
        }
        let what = Tree::Object(vec![("description", text(parameter.what))]);
        members.push(("metadata", what));
        (parameter.name, Tree::Object(members))
    });
    let parameters = Tree::Object(parameters.collect());
    let resources = template
        .parts
        .iter()
        .map(|part| arm_resource(part, &template));
    let resources = Tree::List(resources.collect());
    let metadata = header::metadata(job);
    let metadata = Tree::Object(vec![
        ("comments", text(template.remarks.join(" "))),
        (header::MEMBER, metadata),
    ]);
    let whole = Tree::Object(vec![
        ("$schema", text(SCHEMA)),
        ("contentVersion", text("1.0.0.0")),
        ("metadata", metadata),
        ("parameters", parameters),
        ("resources", resources),
    ]);
    whole.arm(0) + "\n"
}

fn arm_resource(part: &TemplateResource, template: &Template) -> Tree {
    let name = match (&part.parent, &part.name) {
        (Some((_, parameter)), Tree::Text(name)) => Tree::Expression {
            // Names are letters, digits, points, dashes and underscores.
            arm: format!("[format('{{0}}/{name}', parameters('{parameter}'))]"),
            bicep: String::new(),
        },
        (Some((_, parent)), Tree::Parameter(own)) => Tree::Expression {
            arm: format!("[format('{{0}}/{{1}}', parameters('{parent}'), parameters('{own}'))]"),
            bicep: String::new(),
        },
        (_, name) => name.clone(),
    };
    let mut members = vec![
        ("type", text(part.kind)),
        ("apiVersion", text(part.version)),
        ("name", name),
    ];
    members.extend(part.members.iter().cloned());
    if let (Some((before, _)), Some((_, _, parameter))) = (&part.after, &template.existing) {
        let arm = format!(
            "[resourceId('{}', parameters('{parameter}'), '{before}')]",
            part.kind
        );
        let bicep = String::new();
        let list = Tree::List(vec![Tree::Expression { arm, bicep }]);
        members.push(("dependsOn", list));
    }
    members.push(("properties", part.properties.clone()));
    Tree::Object(members)
}

/// The template as Bicep.
pub(super) fn bicep(job: &MakeJob<'_>, resource: Resource) -> String {
    let template = build(job, resource);
    let mut out = header::comments(job, "//");
    out.push('\n');
    for remark in &template.remarks {
        let _ = writeln!(out, "// {remark}");
    }
    if !template.remarks.is_empty() {
        out.push('\n');
    }
    for parameter in &template.parameters {
        let _ = writeln!(out, "@description({})", bicep_text(parameter.what));
        let _ = write!(out, "param {} {}", parameter.name, parameter.kind);
        if let Some(default) = &parameter.default {
            let _ = write!(out, " = {}", default.bicep(0));
        }
        out.push_str("\n\n");
    }
    if let Some((symbol, kind, parameter)) = template.existing {
        let _ = write!(
            out,
            "resource {symbol} '{kind}@{NETWORK}' existing = {{\n  name: {parameter}\n}}\n\n"
        );
    }
    let parts = template.parts.iter().map(|part| {
        let mut members = Vec::new();
        let expression = |bicep: &str| Tree::Expression {
            arm: String::new(),
            bicep: bicep.to_owned(),
        };
        if let Some((parent, _)) = part.parent {
            members.push(("parent", expression(parent)));
        }
        members.push(("name", part.name.clone()));
        members.extend(part.members.iter().cloned());
        members.push(("properties", part.properties.clone()));
        if let Some((_, before)) = &part.after {
            members.push(("dependsOn", Tree::List(vec![expression(before)])));
        }
        format!(
            "resource {} '{}@{}' = {}\n",
            part.symbol,
            part.kind,
            part.version,
            Tree::Object(members).bicep(0)
        )
    });
    let parts: Vec<String> = parts.collect();
    out.push_str(&parts.join("\n"));
    out
}

fn build(job: &MakeJob<'_>, resource: Resource) -> Template {
    match resource {
        Resource::SecurityGroup => security_group(job),
        Resource::Firewall => firewall(job),
        Resource::IpGroup => ip_group(job),
        Resource::RouteTable => route_table(job),
        Resource::Registry => registry(job),
    }
}

fn parameter(name: &'static str, what: &'static str, options: &MakeOptions) -> Parameter {
    Parameter {
        name,
        kind: "string",
        what,
        default: options.resource.clone().map(Tree::Text),
    }
}

fn location() -> Parameter {
    Parameter {
        name: "location",
        kind: "string",
        what: "The region",
        default: Some(Tree::Expression {
            arm: "[resourceGroup().location]".to_owned(),
            bicep: "resourceGroup().location".to_owned(),
        }),
    }
}

fn security_group(job: &MakeJob<'_>) -> Template {
    let mut taken = TakenNames::default();
    let mut before: Option<(String, String)> = None;
    let mut parts = Vec::new();
    for rule in &job.rules {
        let symbol = taken.give(names::camel("rule", &rule.name), "", names::MOST_LABEL + 4);
        parts.push(TemplateResource {
            symbol: symbol.clone(),
            kind: "Microsoft.Network/networkSecurityGroups/securityRules",
            version: NETWORK,
            parent: Some(("securityGroup", "securityGroupName")),
            name: text(rule.name.clone()),
            members: Vec::new(),
            properties: security_rule(job, rule),
            after: before.replace((rule.name.clone(), symbol)),
        });
    }
    Template {
        remarks: vec![
            "Other rules of the group stay as they are; priorities are given once per direction.",
        ],
        parameters: vec![parameter(
            "securityGroupName",
            "The network security group, which is there",
            job.options,
        )],
        existing: Some((
            "securityGroup",
            "Microsoft.Network/networkSecurityGroups",
            "securityGroupName",
        )),
        parts,
    }
}

fn firewall(job: &MakeJob<'_>) -> Template {
    let group = Parameter {
        name: "ruleCollectionGroupName",
        kind: "string",
        what: "The rule collection group, which holds these rules alone",
        default: Some(text(job.azure_base())),
    };
    let priority = Parameter {
        name: "groupPriority",
        kind: "int",
        what: "The priority of the rule collection group, 100 to 65000",
        default: Some(Tree::Number(job.first_priority())),
    };
    Template {
        remarks: vec!["The group is replaced as a whole: rules that are not here go."],
        parameters: vec![
            parameter(
                "firewallPolicyName",
                "The firewall policy, which is there",
                job.options,
            ),
            group,
            priority,
        ],
        existing: Some((
            "firewallPolicy",
            "Microsoft.Network/firewallPolicies",
            "firewallPolicyName",
        )),
        parts: vec![TemplateResource {
            symbol: "ruleCollectionGroup".to_owned(),
            kind: "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            version: NETWORK,
            parent: Some(("firewallPolicy", "firewallPolicyName")),
            name: Tree::Parameter("ruleCollectionGroupName"),
            members: Vec::new(),
            properties: Tree::Object(vec![
                ("priority", Tree::Parameter("groupPriority")),
                ("ruleCollections", collections(job)),
            ]),
            after: None,
        }],
    }
}

/// A resource of its own, with a name and a region.
fn whole(
    symbol: &str,
    kind: &'static str,
    version: &'static str,
    name: &'static str,
    properties: Tree,
) -> TemplateResource {
    TemplateResource {
        symbol: symbol.to_owned(),
        kind,
        version,
        parent: None,
        name: Tree::Parameter(name),
        members: vec![("location", Tree::Parameter("location"))],
        properties,
        after: None,
    }
}

fn ip_group(job: &MakeJob<'_>) -> Template {
    let entries = texts(job.blocks.iter().map(ToString::to_string));
    Template {
        remarks: vec!["The IP group is replaced as a whole."],
        parameters: vec![
            parameter("ipGroupName", "The IP group", job.options),
            location(),
        ],
        existing: None,
        parts: vec![whole(
            "ipGroup",
            "Microsoft.Network/ipGroups",
            NETWORK,
            "ipGroupName",
            Tree::Object(vec![("ipAddresses", entries)]),
        )],
    }
}

fn route_table(job: &MakeJob<'_>) -> Template {
    let routes = job.routes.iter().map(|it| route(job, it)).collect();
    Template {
        remarks: vec!["The route table is replaced as a whole: routes that are not here go."],
        parameters: vec![
            parameter("routeTableName", "The route table", job.options),
            location(),
        ],
        existing: None,
        parts: vec![whole(
            "routeTable",
            "Microsoft.Network/routeTables",
            NETWORK,
            "routeTableName",
            Tree::Object(vec![("routes", Tree::List(routes))]),
        )],
    }
}

fn registry(job: &MakeJob<'_>) -> Template {
    let rules = job.blocks.iter().map(|&block| {
        Tree::Object(vec![
            ("action", text("Allow")),
            ("value", text(address(block))),
        ])
    });
    let rules = Tree::Object(vec![
        ("defaultAction", text("Deny")),
        ("ipRules", Tree::List(rules.collect())),
    ]);
    let mut part = whole(
        "registry",
        "Microsoft.ContainerRegistry/registries",
        REGISTRY,
        "registryName",
        Tree::Object(vec![("networkRuleSet", rules)]),
    );
    let sku = Tree::Object(vec![("name", text("Premium"))]);
    part.members.push(("sku", sku));
    Template {
        remarks: vec![
            "A deployment sets what is not here to its default: put networkRuleSet into the template of",
            "your registry. Everybody who is in no rule is refused. Needs Premium.",
        ],
        parameters: vec![
            parameter("registryName", "The registry", job.options),
            location(),
        ],
        existing: None,
        parts: vec![part],
    }
}
