//! Templates and the resources they become.

use serde_json::{Map, Value, json};

use crate::rules::arm::{ArmGapKind, ArmTemplate, expand, is_template, parameters_of};

const SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const GROUP: &str = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}";
const NSG: &str = "Microsoft.Network/networkSecurityGroups";

fn plain(template: &Value) -> ArmTemplate {
    expand(template, "", &Map::new())
}

fn names(template: &ArmTemplate) -> Vec<&str> {
    let resources = template.resources.iter();
    resources
        .map(|one| one.value["name"].as_str().unwrap())
        .collect()
}

fn places(template: &ArmTemplate) -> Vec<&str> {
    let resources = template.resources.iter();
    resources.map(|one| one.place.as_str()).collect()
}

/// A deployment of a template.
fn deployment(more: &Value, template: &Value) -> Value {
    let mut value = json!({
        "type": "Microsoft.Resources/deployments",
        "name": "d",
        "properties": { "template": template }
    });
    for (key, member) in more.as_object().unwrap() {
        let at = if key == "resourceGroup"
            || key == "subscriptionId"
            || key == "copy"
            || key == "condition"
        {
            &mut value
        } else {
            &mut value["properties"]
        };
        at[key.as_str()] = member.clone();
    }
    value
}

#[test]
fn templates_are_known_by_schema_or_shape() {
    for name in [
        "deploymentTemplate",
        "subscriptionDeploymentTemplate",
        "managementGroupDeploymentTemplate",
        "tenantDeploymentTemplate",
    ] {
        let schema = format!("https://schema.management.azure.com/schemas/2018-05-01/{name}.json#");
        assert!(is_template(&json!({ "$schema": schema })), "{name}");
    }
    assert!(is_template(
        &json!({ "contentVersion": "1.0.0.0", "Resources": [] })
    ));
    assert!(!is_template(&json!({ "resources": [] })));
    assert!(!is_template(
        &json!({ "$schema": "…/deploymentParameters.json#", "parameters": {} })
    ));
    assert!(!is_template(&json!([])));
}

#[test]
fn parameter_files_give_their_values() {
    let file = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "a": { "value": [1] }, "secret": { "reference": { "keyVault": {} } } }
    });
    let values = parameters_of(&file).unwrap();
    // What a vault holds is given and not known: the default does not stand in for it.
    let secret = json!({ "reference": { "keyVault": {} } });
    assert_eq!(
        Value::Object(values.clone()),
        json!({ "a": [1], "secret": secret })
    );
    let bare = json!({ "parameters": { "a": { "value": "[x()]" } } });
    assert_eq!(parameters_of(&bare).unwrap()["a"], json!("[x()]"));
    for other in [
        json!({ "parameters": { "a": { "type": "string" } } }),
        json!({ "parameters": { "a": { "value": 1 } }, "resources": [] }),
        json!({ "parameters": {} }),
        json!({ "$schema": SCHEMA, "parameters": { "a": { "value": 1 } } }),
        json!({}),
        json!(1),
    ] {
        assert_eq!(parameters_of(&other), None, "{other}");
    }
}

#[test]
fn given_parameters_beat_defaults_and_are_not_evaluated() {
    let template = json!({
        "parameters": { "Name": { "defaultValue": "default" }, "b": { "defaultValue": "kept" } },
        "resources": [{
            "type": NSG,
            "name": "[parameters('name')]",
            "tags": { "b": "[parameters('b')]" }
        }]
    });
    let given = json!({ "NAME": "[[given", "b": null });
    let got = expand(&template, "", given.as_object().unwrap());
    assert_eq!(names(&got), ["[[given"]);
    assert_eq!(got.resources[0].value["tags"]["b"], "kept");
}

#[test]
fn resources_get_ids_and_lose_what_is_evaluated() {
    let got = plain(&json!({
        "$schema": SCHEMA,
        "resources": [
            { "Type": NSG, "NAME": "n", "condition": true, "Properties": { "x": "[[y]" } },
            { "type": NSG, "name": "[parameters('open')]" },
            { "type": NSG, "name": "n", "scope": "/" },
            { "type": NSG, "name": "n", "id": "mine" },
            { "type": "Microsoft.Network/virtualNetworks/subnets", "name": "only" }
        ]
    }));
    assert_eq!(
        got.resources[0].value,
        json!({
            "type": NSG,
            "name": "n",
            "id": format!("{GROUP}/providers/{NSG}/n"),
            "properties": { "x": "[y]" }
        })
    );
    let ids: Vec<_> = got
        .resources
        .iter()
        .map(|one| one.value["id"].as_str())
        .collect();
    assert_eq!(ids[1..], [None, None, Some("mine"), None]);
    assert!(got.gaps.is_empty());
}

#[test]
fn children_become_resources() {
    let got = plain(&json!({
        "resources": [{
            "type": "Microsoft.Network/virtualNetworks",
            "name": "[parameters('v')]",
            "resources": [{
                "type": "subnets",
                "name": "s",
                "resources": [{ "type": "deep", "name": "d" }]
            }, {
                "type": "Microsoft.Network/virtualNetworks/subnets",
                "name": "v/full"
            }]
        }]
    }));
    assert_eq!(
        names(&got),
        [
            "[parameters('v')]",
            "[concat(parameters('v'), '/s')]",
            "[concat(parameters('v'), '/s/d')]",
            "v/full"
        ]
    );
    assert_eq!(
        got.resources[2].value["type"],
        "Microsoft.Network/virtualNetworks/subnets/deep"
    );
    assert_eq!(
        got.resources[2].place,
        "resources[0].resources[0].resources[0]"
    );
    assert_eq!(got.resources[0].value.get("resources"), None);
    assert_eq!(
        got.resources[3].value["id"],
        format!("{GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/full")
    );
}

#[test]
fn conditions_leave_out_or_are_told() {
    let got = plain(&json!({
        "parameters": { "no": { "defaultValue": false } },
        "resources": [
            { "type": NSG, "name": "gone", "condition": "[parameters('no')]" },
            { "type": NSG, "name": "there", "condition": "[not(parameters('no'))]" },
            { "type": NSG, "name": "open", "condition": "[equals(parameters('x'), 'a')]" },
            deployment(&json!({ "condition": "[parameters('x')]" }), &json!({
                "resources": [
                    { "type": NSG, "name": "in" },
                    { "type": NSG, "name": "both", "condition": "[parameters('y')]" }
                ]
            })),
            deployment(&json!({ "condition": false }), &json!({
                "resources": [{ "type": NSG, "name": "not followed" }]
            }))
        ]
    }));
    assert_eq!(names(&got), ["there", "open", "in", "both"]);
    let conditions: Vec<_> = got
        .resources
        .iter()
        .map(|one| one.condition.as_deref())
        .collect();
    assert_eq!(
        conditions,
        [
            None,
            Some("equals(parameters('x'), 'a')"),
            Some("parameters('x')"),
            Some("and(parameters('x'), parameters('y'))")
        ]
    );
}

#[test]
fn symbolic_names_are_places_and_existing_ones_are_left_out() {
    let got = plain(&json!({
        "languageVersion": "2.0",
        "resources": {
            "nsg": { "type": NSG, "name": "n" },
            "old": {
                "existing": true,
                "type": "Microsoft.Network/virtualNetworks",
                "name": "v",
                "resources": [{ "type": "subnets", "name": "s" }]
            },
            "sub": { "type": "Microsoft.Resources/deployments", "properties": { "template": {
                "resources": { "inner": { "type": NSG, "name": "m" } }
            } } }
        }
    }));
    assert_eq!(names(&got), ["n", "v/s", "m"]);
    assert_eq!(
        places(&got),
        [
            "resources.nsg",
            "resources.old.resources[0]",
            "resources.sub.properties.template.resources.inner"
        ]
    );
}

#[test]
fn loops_make_resources_properties_and_variables() {
    let got = plain(&json!({
        "variables": { "copy": [{ "name": "ports", "count": 2, "input": "[string(add(80, copyIndex('ports')))]" }] },
        "resources": [{
            "type": NSG,
            "name": "[concat('n', copyIndex(1), '-', copyIndex('each'), copyIndex('each', 5))]",
            "copy": { "name": "each", "count": 2 },
            "properties": {
                "copy": [{
                    "name": "securityRules",
                    "count": "[length(variables('ports'))]",
                    "input": {
                        "name": "[concat(copyIndex(), copyIndex('securityRules'))]",
                        "port": "[variables('ports')[copyIndex('securityRules')]]"
                    }
                }],
                "deep": { "copy": [{ "name": "open", "count": "[parameters('n')]", "input": "[copyIndex('open')]" }] }
            }
        }]
    }));
    assert_eq!(names(&got), ["n1-05", "n2-16"]);
    assert_eq!(
        places(&got),
        ["resources[0] (copy 0)", "resources[0] (copy 1)"]
    );
    assert_eq!(
        got.resources[1].value["properties"]["securityRules"],
        json!([{ "name": "10", "port": "80" }, { "name": "11", "port": "81" }])
    );
    assert_eq!(
        got.resources[0].value["properties"]["deep"]["open"],
        "[copy('open', parameters('n'), copyIndex('open'))]"
    );
    assert!(got.gaps.is_empty());
}

#[test]
fn a_literal_member_copy_stays() {
    let got = plain(
        &json!({ "resources": [{ "type": NSG, "name": "n", "properties": { "copy": [1] } }] }),
    );
    assert_eq!(got.resources[0].value["properties"], json!({ "copy": [1] }));
}

#[test]
fn nested_deployments_see_the_names_of_their_scope() {
    let inner = json!({
        "parameters": {
            "name": {},
            "both": { "defaultValue": "[concat(parameters('name'), '!')]" },
            "null": { "defaultValue": "filled" },
            "secret": {},
            "missing": {}
        },
        "variables": { "v": "inner" },
        "resources": [{
            "type": NSG,
            "name": "[concat(parameters('name'), '-', variables('v'))]",
            "tags": {
                "both": "[parameters('both')]",
                "null": "[parameters('null')]",
                "secret": "[parameters('secret')]",
                "missing": "[parameters('missing')]",
                "loop": "[copyIndex()]"
            }
        }]
    });
    let handed = json!({
        "parameters": {
            "NAME": { "value": "[concat(variables('v'), copyIndex())]" },
            "null": { "value": null },
            "secret": { "reference": { "keyVault": {} } }
        },
        "copy": { "name": "c", "count": 2 }
    });
    let mut own = handed.clone();
    own["expressionEvaluationOptions"] = json!({ "scope": "Inner" });
    let got = plain(&json!({
        "parameters": { "name": { "defaultValue": "p" } },
        "variables": { "v": "outer" },
        "resources": [deployment(&own, &inner), deployment(&handed, &inner)]
    }));
    assert_eq!(
        names(&got),
        ["outer0-inner", "outer1-inner", "p-outer", "p-outer"]
    );
    let place = "resources[0] (copy 1)";
    assert_eq!(
        got.resources[1].place,
        format!("{place}.properties.template.resources[0]")
    );
    assert_eq!(
        got.resources[1].value["tags"],
        json!({
            "both": "outer1!",
            "null": "filled",
            "secret": format!("[parameters('{place}/secret')]"),
            "missing": format!("[parameters('{place}/missing')]"),
            "loop": "[copyIndex()]"
        })
    );
    assert_eq!(got.resources[3].value["tags"]["loop"], 1);
}

#[test]
fn deployments_elsewhere_keep_their_scope_in_ids() {
    let template = json!({
        "$schema": SCHEMA,
        "resources": [{
            "type": NSG,
            "name": "n",
            "tags": { "id": format!("[resourceId('{NSG}', 'o')]"), "g": "[resourceGroup().name]", "l": "[resourceGroup().location]" }
        }]
    });
    let inner = json!({ "expressionEvaluationOptions": { "scope": "inner" }, "resourceGroup": "g", "subscriptionId": "s" });
    let outer = json!({ "resourceGroup": "[parameters('rg')]" });
    let got = plain(
        &json!({ "resources": [deployment(&inner, &template), deployment(&outer, &template)] }),
    );
    let there = format!("/subscriptions/s/resourceGroups/g/providers/{NSG}");
    assert_eq!(got.resources[0].value["id"], format!("{there}/n"));
    assert_eq!(got.resources[0].value["tags"]["id"], format!("{there}/o"));
    assert_eq!(got.resources[0].value["tags"]["g"], "g");
    assert_eq!(
        got.resources[0].value["tags"]["l"],
        "[resourceGroup('/subscriptions/s/resourceGroups/g').location]"
    );
    assert_eq!(
        got.resources[1].value["id"],
        format!(
            "[concat('/subscriptions/{{subscriptionId}}/resourceGroups/', parameters('rg'), '/providers/{NSG}/n')]"
        )
    );
    // Expressions of an outer scope are evaluated where the parent goes.
    assert_eq!(got.resources[1].value["tags"]["g"], "{resourceGroup}");
}

#[test]
fn a_subscription_template_has_ids_of_a_subscription() {
    let got = plain(&json!({
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "resources": [
            { "type": "Microsoft.Resources/resourceGroups", "name": "g" },
            { "type": "Microsoft.X/y", "name": "n", "tags": { "id": "[resourceId('g', 'Microsoft.X/y', 'n')]" } }
        ]
    }));
    assert_eq!(got.resources[0].value.get("id"), None);
    assert_eq!(
        got.resources[1].value["id"],
        "/subscriptions/{subscriptionId}/providers/Microsoft.X/y/n"
    );
    assert_eq!(
        got.resources[1].value["tags"]["id"],
        "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.X/y/n"
    );
}

#[test]
fn parameters_that_are_whole_expressions_are_handed_down() {
    let template = json!({ "parameters": { "a": {}, "b": {} }, "resources": [
        { "type": NSG, "name": "[concat(parameters('a'), '-', parameters('b'))]" }
    ] });
    let more = json!({
        "expressionEvaluationOptions": { "scope": "inner" },
        "parameters": { "a": "[if(true(), createObject('value', 'x'), null())]", "b": "[parameters('open')]" }
    });
    let got = plain(&json!({ "resources": [deployment(&more, &template)] }));
    assert_eq!(names(&got), ["[concat('x-', parameters('open').value)]"]);
}

#[test]
fn what_is_not_followed_is_a_gap() {
    let got = plain(&json!({
        "resources": [
            { "type": "Microsoft.Resources/deployments", "name": "l", "properties": {
                "templateLink": { "uri": "[concat('https://', 'x/y.json')]" } } },
            deployment(&json!({}), &json!("[variables('t')]")),
            { "type": NSG, "name": "c", "copy": { "name": "c", "count": "[parameters('n')]" } },
            "[parameters('resource')]",
            { "type": NSG, "name": "p", "resources": "[parameters('children')]" },
            { "type": NSG, "name": "many", "copy": { "name": "c", "count": 801 } },
            { "type": "Microsoft.Resources/deployments", "name": "e", "properties": "[parameters('p')]" }
        ]
    }));
    let gaps: Vec<_> = got
        .gaps
        .iter()
        .map(|gap| (gap.place.as_str(), gap.found.as_str(), gap.why))
        .collect();
    assert_eq!(
        gaps,
        [
            (
                "resources[0].properties.templateLink",
                "https://x/y.json",
                ArmGapKind::Linked
            ),
            (
                "resources[1].properties.template",
                "[variables('t')]",
                ArmGapKind::Unresolved
            ),
            (
                "resources[2]",
                "Microsoft.Network/networkSecurityGroups × [parameters('n')]",
                ArmGapKind::Unresolved
            ),
            (
                "resources[3]",
                "[parameters('resource')]",
                ArmGapKind::Unresolved
            ),
            (
                "resources[4].resources",
                "[parameters('children')]",
                ArmGapKind::Unresolved
            ),
            (
                "resources[5]",
                "801",
                ArmGapKind::Bound("the copies of a loop")
            ),
            (
                "resources[6].properties",
                "[parameters('p')]",
                ArmGapKind::Unresolved
            ),
        ]
    );
    assert_eq!(got.resources.len(), 801);
}

#[test]
fn keys_and_places_can_be_anything() {
    let got = expand(
        &json!({ "RESOURCES": [{ "type": NSG, "name": "n", "tags": {
            "[concat('a', 'b')]": 1, "[parameters('k')]": 2, "1.5": 1.5 } }] }),
        "value[0]",
        &Map::new(),
    );
    assert_eq!(got.resources[0].place, "value[0].resources[0]");
    assert_eq!(
        got.resources[0].value["tags"],
        json!({ "ab": 1, "[parameters('k')]": 2, "1.5": 1.5 })
    );
}

#[test]
fn two_expansions_are_equal() {
    let template = json!({ "resources": [deployment(&json!({ "copy": { "name": "c", "count": 3 } }), &json!({
        "resources": [{ "type": NSG, "name": "[guid(copyIndex(), parameters('x'))]" }] }))] });
    assert_eq!(plain(&template), plain(&template));
    assert_eq!(names(&plain(&template))[2], "[guid(2, parameters('x'))]");
}

/// A deployment with a name of its own that gives back a prefix.
fn giving_back(name: &str, options: &Value, value: &Value) -> Value {
    let mut made = deployment(
        options,
        &json!({
            "parameters": { "prefix": { "type": "string", "defaultValue": "10.9.0.0/16" } },
            "resources": [],
            "outputs": { "Prefix": { "type": "string", "value": value } }
        }),
    );
    made["name"] = json!(name);
    made
}

#[test]
fn what_a_deployment_gives_back_is_known_where_it_is_named() {
    let inner = json!({
        "expressionEvaluationOptions": { "scope": "inner" },
        "parameters": { "prefix": { "value": "[parameters('own')]" } }
    });
    let own = json!("[parameters('prefix')]");
    let asked = [
        ("reference('a').outputs.prefix.value", "10.1.0.0/16"),
        (
            "reference(resourceId('Microsoft.Resources/deployments', 'a'), '2022-09-01').outputs.prefix.value",
            "10.1.0.0/16",
        ),
        (
            "reference(extensionResourceId(resourceGroup().id, 'Microsoft.Resources/deployments', 'a'), '2022-09-01').outputs.Prefix.value",
            "10.1.0.0/16",
        ),
        ("reference(variables('name')).outputs.prefix.value", "outer"),
        // Nothing of the kind is given back, or there.
        (
            "reference('a').outputs.other.value",
            "[reference('a').outputs.other.value]",
        ),
        (
            "reference('c').outputs.prefix.value",
            "[reference('c').outputs.prefix.value]",
        ),
        (
            "reference('self').outputs.prefix.value",
            "[reference('self').outputs.prefix.value]",
        ),
    ];
    for (expression, expected) in asked {
        let got = plain(&json!({
            "$schema": SCHEMA,
            "parameters": { "own": { "type": "string", "defaultValue": "10.1.0.0/16" } },
            "variables": { "name": "b" },
            "resources": [
                { "type": NSG, "name": "n", "properties": { "x": format!("[{expression}]") } },
                giving_back("a", &inner, &own),
                giving_back("b", &json!({}), &json!("outer")),
                giving_back("self", &inner, &json!("[reference('self').outputs.prefix.value]")),
                giving_back("self", &json!({}), &json!("[reference('self').outputs.prefix.value]"))
            ]
        }));
        assert_eq!(
            got.resources[0].value["properties"]["x"], expected,
            "{expression}"
        );
    }
    // One that asks for itself has no value.
    let got = plain(&json!({
        "$schema": SCHEMA,
        "resources": [
            { "type": NSG, "name": "n", "properties": { "x": "[reference('self').outputs.prefix.value]" } },
            giving_back("self", &json!({}), &json!("[reference('self').outputs.prefix.value]"))
        ]
    }));
    assert_eq!(
        got.resources[0].value["properties"]["x"],
        "[reference('self').outputs.prefix.value]"
    );
}
