//! Where a deployment goes, and the ids that follow from it.

use crate::rules::arm::canonical::Part;
use crate::rules::arm::value::{Data, Members};

/// What a deployment goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// A resource group, as most do.
    Group,
    /// A subscription.
    Subscription,
    /// A management group.
    ManagementGroup,
    /// A tenant.
    Tenant,
}

/// Where a deployment goes.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// What it is.
    pub(super) level: Level,
    /// The subscription's id.
    pub(super) subscription: Data,
    /// The resource group's name.
    pub(super) group: Data,
}

impl Target {
    /// Where a file goes: nobody knows.
    pub(super) fn unknown(level: Level) -> Self {
        Self {
            level,
            subscription: Data::place("subscriptionId"),
            group: Data::place("resourceGroup"),
        }
    }

    /// `/subscriptions/{subscriptionId}`
    pub(super) fn subscription_id(&self) -> Data {
        join(&[Data::text("/subscriptions/"), self.subscription.clone()])
    }

    /// `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}`
    pub(super) fn group_id(&self) -> Data {
        let subscription = self.subscription_id();
        let between = Data::text("/resourceGroups/");
        join(&[subscription, between, self.group.clone()])
    }

    /// What the ids of its resources begin with.
    fn prefix(&self) -> Data {
        match self.level {
            Level::Group => self.group_id(),
            Level::Subscription => self.subscription_id(),
            Level::ManagementGroup => join(&[
                Data::text("/providers/Microsoft.Management/managementGroups/"),
                Data::place("managementGroupId"),
            ]),
            Level::Tenant => Data::text(""),
        }
    }

    /// The id of a resource that it has.
    pub(super) fn id(&self, kind: &str, names: &[Data]) -> Option<Data> {
        id(self.prefix(), kind, names)
    }

    /// The answer of `subscription()`.
    pub(super) fn subscription_object(&self) -> Data {
        let text = match &self.subscription {
            Data::Open(open) if open.placed().is_some() => "subscription()".to_owned(),
            other => format!("subscription({})", other.written()),
        };
        let mut known = Members::new();
        known.insert("id".into(), self.subscription_id());
        known.insert("subscriptionId".into(), self.subscription.clone());
        Data::partly(text, known)
    }

    /// The answer of `resourceGroup()`.
    pub(super) fn group_object(&self) -> Data {
        let is_placed = |data: &Data| match data {
            Data::Open(open) => open.placed().is_some(),
            _ => false,
        };
        let text = if is_placed(&self.group) && is_placed(&self.subscription) {
            "resourceGroup()".to_owned()
        } else {
            format!("resourceGroup({})", self.group_id().written())
        };
        let mut known = Members::new();
        known.insert("id".into(), self.group_id());
        known.insert("name".into(), self.group.clone());
        known.insert(
            "type".into(),
            Data::text("Microsoft.Resources/resourceGroups"),
        );
        Data::partly(text, known)
    }
}

/// `resourceId` and its kin; none where it is no such function or only the deployment knows.
pub(super) fn call(name: &str, args: &[Data], home: &Target) -> Option<Data> {
    if name == "extensionresourceid" {
        let (base, rest) = args.split_first()?;
        let (kind, names) = rest.split_first()?;
        return id(base.clone(), kind.as_text()?, names);
    }
    let is_type = |arg: &Data| arg.as_text().is_some_and(|text| text.contains('/'));
    let place = args.iter().position(is_type)?;
    let (leading, rest) = args.split_at_checked(place)?;
    let (kind, names) = rest.split_first()?;
    let kind = kind.as_text()?;
    let at = match (name, leading) {
        ("resourceid", leading) => of_resource(leading, home)?,
        ("subscriptionresourceid", leading) => of_subscription(leading, home)?,
        ("tenantresourceid", []) => at_level(Level::Tenant, home),
        ("managementgroupresourceid", []) => at_level(Level::ManagementGroup, home),
        ("managementgroupresourceid", [group]) => {
            let start = Data::text("/providers/Microsoft.Management/managementGroups/");
            return id(join(&[start, group.clone()]), kind, names);
        }
        _ => return None,
    };
    at.id(kind, names)
}

/// Where `resourceId` looks: a subscription's id and a resource group's name may stand first.
fn of_resource(leading: &[Data], home: &Target) -> Option<Target> {
    match leading {
        [] => Some(home.clone()),
        [one] if is_subscription(one) => of_subscription(leading, home),
        [group] => {
            let mut at = at_level(Level::Group, home);
            at.group = group.clone();
            Some(at)
        }
        [subscription, group] => Some(Target {
            level: Level::Group,
            subscription: subscription.clone(),
            group: group.clone(),
        }),
        _ => None,
    }
}

fn of_subscription(leading: &[Data], home: &Target) -> Option<Target> {
    let mut at = at_level(Level::Subscription, home);
    match leading {
        [] => {}
        [subscription] => at.subscription = subscription.clone(),
        _ => return None,
    }
    Some(at)
}

fn at_level(level: Level, home: &Target) -> Target {
    Target {
        level,
        ..home.clone()
    }
}

/// Whether an only leading argument is a subscription's id, which is a GUID.
fn is_subscription(arg: &Data) -> bool {
    match arg {
        Data::Text(text) => {
            let lengths = text.split('-').map(str::len);
            lengths.eq([8, 4, 4, 4, 12])
        }
        Data::Open(open) => open.parts == [Part::Place("subscriptionId")],
        _ => false,
    }
}

/// `…/providers/Microsoft.Network/virtualNetworks/v/subnets/s`
fn id(prefix: Data, kind: &str, names: &[Data]) -> Option<Data> {
    let mut segments = kind.split('/');
    let provider = segments.next().filter(|provider| !provider.is_empty())?;
    let segments: Vec<&str> = segments.collect();
    if segments.is_empty() || segments.len() != names.len() {
        return None;
    }
    let mut all = vec![prefix, Data::text(format!("/providers/{provider}"))];
    for (segment, name) in segments.into_iter().zip(names) {
        all.push(Data::text(format!("/{segment}/")));
        all.push(name.clone());
    }
    let mut parts = Vec::new();
    for data in &all {
        parts.extend(data.parts()?);
    }
    Some(Data::joined(parts))
}

/// Texts one after another.
pub(super) fn join(texts: &[Data]) -> Data {
    let parts = texts.iter().filter_map(Data::parts).flatten();
    Data::joined(parts.collect())
}
