//! Texts of ids.

/// The id of a resource group.
pub(super) fn group(name: &str) -> String {
    format!("/subscriptions/{{subscriptionId}}/resourceGroups/{name}")
}

/// The names in an id from the outermost resource on.
pub(super) fn names(id: &str) -> Option<String> {
    let (_, behind) = id.rsplit_once("/providers/")?;
    let names: Vec<&str> = behind.split('/').skip(2).step_by(2).collect();
    (!names.is_empty()).then(|| names.join("/"))
}
