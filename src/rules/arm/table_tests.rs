//! Names, ids and conditions in expressions, and what they become.

use serde_json::{Map, Value, json};

use crate::rules::arm::expand;

/// What `[expression]` becomes as a property of a resource.
fn evaluated(expression: &str) -> Value {
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "parameters": {
            "open": { "type": "string" },
            "Other": { "type": "string" },
            "one": { "type": "int", "defaultValue": 1 },
            "name": { "type": "string", "defaultValue": "Web" },
            "derived": { "type": "string", "defaultValue": "[concat(parameters('name'), '-x')]" },
            "maybe": { "type": "string", "nullable": true },
            "typed": { "$ref": "#/definitions/soft" },
            "fresh": { "type": "string", "defaultValue": "[newGuid()]" },
            "list": { "type": "array", "defaultValue": ["a", "b", "[parameters('open')]"] },
            "on": { "type": "bool", "defaultValue": true }
        },
        "definitions": { "soft": { "type": "string", "nullable": true } },
        "variables": {
            "tags": ["Internet", "Storage"],
            "map": { "Key": "value", "deep": { "list": [{ "port": 443 }] }, "a-b": 1, "none": null },
            "half": { "known": 1, "open": "[parameters('open')]" },
            "self": "[variables('self')]",
            "ring": "[variables('ring2')]",
            "ring2": "[concat('x', variables('ring'))]",
            "copy": [
                { "name": "made", "count": 3, "input": "[concat('n', copyIndex('made', 1))]" }
            ],
            "object": {
                "copy": [{ "name": "inner", "count": 2, "input": { "i": "[copyIndex('inner')]" } }]
            }
        },
        "functions": [{
            "namespace": "My",
            "members": {
                "twice": {
                    "parameters": [{ "name": "text", "type": "string" }],
                    "output": {
                        "type": "string",
                        "value": "[concat(parameters('text'), parameters('TEXT'))]"
                    }
                },
                "loop": {
                    "parameters": [],
                    "output": { "type": "string", "value": "[my.loop()]" }
                }
            }
        }],
        "resources": [{
            "type": "Microsoft.Network/x",
            "name": "r",
            "properties": { "it": format!("[{expression}]") }
        }]
    });
    let expanded = expand(&template, "", &Map::new());
    expanded.resources[0].value["properties"]["it"].clone()
}

/// Rows of an expression and what it becomes.
#[track_caller]
pub(super) fn check(rows: &[(&str, Value)]) {
    let mut wrong = Vec::new();
    for (expression, expected) in rows {
        let got = evaluated(expression);
        if got != *expected {
            wrong.push(format!("{expression}\n  got  {got}\n  want {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_looked_up_ignoring_case() {
    check(&[
        ("parameters('name')", json!("Web")),
        ("PARAMETERS('NAME')", json!("Web")),
        ("parameters('derived')", json!("Web-x")),
        ("parameters('open')", json!("[parameters('open')]")),
        ("parameters('OTHER')", json!("[parameters('Other')]")),
        ("parameters('nowhere')", json!("[parameters('nowhere')]")),
        ("parameters('maybe')", json!(null)),
        ("parameters('typed')", json!(null)),
        ("parameters('fresh')", json!("[parameters('fresh')]")),
        ("parameters('open').a.B", json!("[parameters('open').a.B]")),
        (
            "parameters('open')['a-b'][0]",
            json!("[parameters('open')['a-b'][0]]"),
        ),
        ("parameters('open').?a", json!("[parameters('open').?a]")),
        ("variables('tags')", json!(["Internet", "Storage"])),
        ("variables('Tags')[1]", json!("Storage")),
        ("variables('tags')[parameters('one')]", json!("Storage")),
        ("variables('map').key", json!("value")),
        ("variables('map')['a-b']", json!(1)),
        ("variables('map').deep.list[0].port", json!(443)),
        ("variables('map').?gone", json!(null)),
        ("variables('tags')[?7]", json!(null)),
        ("variables('half').known", json!(1)),
        ("variables('half').open", json!("[parameters('open')]")),
        ("variables('made')", json!(["n1", "n2", "n3"])),
        (
            "variables('object')",
            json!({ "inner": [{ "i": 0 }, { "i": 1 }] }),
        ),
        ("variables('nowhere')", json!("[variables('nowhere')]")),
        ("variables('self')", json!("[variables('self')]")),
        (
            "variables('ring')",
            json!("[concat('x', variables('ring'))]"),
        ),
        (
            "variables(parameters('open'))",
            json!("[variables(parameters('open'))]"),
        ),
        ("my.twice('a')", json!("aa")),
        (
            "MY.TWICE(parameters('open'))",
            json!("[concat(parameters('open'), parameters('open'))]"),
        ),
        ("my.nothing(1)", json!("[my.nothing(1)]")),
    ]);
    assert!(evaluated("my.loop()").is_string());
}

#[test]
fn open_texts_have_one_form() {
    check(&[
        ("concat('a', 'b', 1)", json!("ab1")),
        ("concat(parameters('open'))", json!("[parameters('open')]")),
        (
            "concat('a', concat('b', parameters('open')), 'c', 'd')",
            json!("[concat('ab', parameters('open'), 'cd')]"),
        ),
        (
            "format('{0}-{1}', parameters('name'), parameters('open'))",
            json!("[concat('Web-', parameters('open'))]"),
        ),
        (
            "format('{0}', parameters('open'))",
            json!("[parameters('open')]"),
        ),
        ("format('{{{0}}}', 1)", json!("{1}")),
        ("format('{0:D3}', 7)", json!("007")),
        ("format('{0:X}', 7)", json!("[format('{0:X}', 7)]")),
        ("format('{2}', 1)", json!("[format('{2}', 1)]")),
        (
            "concat('it''s ', parameters('open'))",
            json!("[concat('it''s ', parameters('open'))]"),
        ),
        (
            "concat(variables('tags'), createArray('x'))",
            json!(["Internet", "Storage", "x"]),
        ),
        (
            "concat(parameters('open'), createArray('x'))",
            json!("[concat(parameters('open'), createArray('x'))]"),
        ),
        (
            "toLower(parameters('open'))",
            json!("[toLower(parameters('open'))]"),
        ),
        (
            "TOLOWER(Parameters('Open'))",
            json!("[toLower(parameters('open'))]"),
        ),
        (
            "length(parameters('open'))",
            json!("[length(parameters('open'))]"),
        ),
        (
            "uniqueString('a', parameters('open'))",
            json!("[uniqueString('a', parameters('open'))]"),
        ),
        ("noSuchThing(1, true())", json!("[noSuchThing(1, true())]")),
        (
            "reference('x', '2020-01-01').ip[0]",
            json!("[reference('x', '2020-01-01').ip[0]]"),
        ),
        (
            "parameters('list')",
            json!(["a", "b", "[parameters('open')]"]),
        ),
        (
            "createArray(parameters('open'), null(), 1, createObject('k', false()))[7]",
            json!("[createArray(parameters('open'), null(), 1, createObject('k', false()))[7]]"),
        ),
        ("utcNow('d')", json!("[utcNow('d')]")),
        ("deployment().name", json!("[deployment().name]")),
        (
            "environment().suffixes.storage",
            json!("[environment().suffixes.storage]"),
        ),
        ("copyIndex()", json!("[copyIndex()]")),
    ]);
}

#[test]
fn ids_are_written_out() {
    let group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}";
    check(&[
        ("subscription().subscriptionId", json!("{subscriptionId}")),
        (
            "subscription().id",
            json!("/subscriptions/{subscriptionId}"),
        ),
        (
            "subscription().displayName",
            json!("[subscription().displayName]"),
        ),
        ("resourceGroup().name", json!("{resourceGroup}")),
        ("resourceGroup().id", json!(group)),
        (
            "resourceGroup().location",
            json!("[resourceGroup().location]"),
        ),
        (
            "resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 'a')",
            json!(format!(
                "{group}/providers/Microsoft.Network/virtualNetworks/v/subnets/a"
            )),
        ),
        (
            "resourceId('g', 'Microsoft.Network/x', 'n')",
            json!(
                "/subscriptions/{subscriptionId}/resourceGroups/g/providers/Microsoft.Network/x/n"
            ),
        ),
        (
            "resourceId('s', 'g', 'Microsoft.Network/x', 'n')",
            json!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/x/n"),
        ),
        (
            "resourceId('01234567-89ab-cdef-0123-456789abcdef', 'Microsoft.Network/x', 'n')",
            json!(
                "/subscriptions/01234567-89ab-cdef-0123-456789abcdef/providers/Microsoft.Network/x/n"
            ),
        ),
        (
            "resourceId(parameters('open'), 'Microsoft.Network/x', 'n')",
            json!(
                "[concat('/subscriptions/{subscriptionId}/resourceGroups/', parameters('open'), '/providers/Microsoft.Network/x/n')]"
            ),
        ),
        (
            "resourceId('Microsoft.Network/x', parameters('open'))",
            json!(format!(
                "[concat('{group}/providers/Microsoft.Network/x/', parameters('open'))]"
            )),
        ),
        (
            "resourceId('Microsoft.Network/x/y', 'n')",
            json!("[resourceId('Microsoft.Network/x/y', 'n')]"),
        ),
        (
            "resourceId(parameters('open'), 'n')",
            json!("[resourceId(parameters('open'), 'n')]"),
        ),
        (
            "subscriptionResourceId('Microsoft.Network/x', 'n')",
            json!("/subscriptions/{subscriptionId}/providers/Microsoft.Network/x/n"),
        ),
        (
            "subscriptionResourceId('s', 'Microsoft.Network/x', 'n')",
            json!("/subscriptions/s/providers/Microsoft.Network/x/n"),
        ),
        (
            "tenantResourceId('Microsoft.Network/x', 'n')",
            json!("/providers/Microsoft.Network/x/n"),
        ),
        (
            "managementGroupResourceId('m', 'Microsoft.Network/x', 'n')",
            json!(
                "/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Network/x/n"
            ),
        ),
        (
            "extensionResourceId('/a/b', 'Microsoft.Network/x', 'n')",
            json!("/a/b/providers/Microsoft.Network/x/n"),
        ),
    ]);
}

#[test]
fn an_id_is_a_text_whose_place_is_unknown() {
    let group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}";
    check(&[
        (
            "concat(resourceId('Microsoft.Network/x', 'n'), '/y')",
            json!(format!("{group}/providers/Microsoft.Network/x/n/y")),
        ),
        (
            "last(split(resourceId('Microsoft.Network/x', 'n'), '/'))",
            json!("n"),
        ),
        (
            "split(resourceId('Microsoft.Network/x', 'n'), '/')[4]",
            json!("{resourceGroup}"),
        ),
        (
            "equals(subscription().subscriptionId, 'abc')",
            json!("[equals('{subscriptionId}', 'abc')]"),
        ),
        (
            "equals(subscription().subscriptionId, subscription().subscriptionId)",
            json!(true),
        ),
        ("equals(resourceGroup().id, '/other')", json!(false)),
        (
            "length(resourceGroup().name)",
            json!("[length('{resourceGroup}')]"),
        ),
        ("empty(resourceGroup().id)", json!(false)),
    ]);
}

#[test]
fn conditions_are_lazy_and_three_valued() {
    check(&[
        ("if(true(), 1, variables('self'))", json!(1)),
        ("if(parameters('on'), 'y', 'n')", json!("y")),
        (
            "if(equals(parameters('open'), 'a'), 'y', 'n')",
            json!("[if(equals(parameters('open'), 'a'), 'y', 'n')]"),
        ),
        ("if(parameters('open'), 'y', 'y')", json!("y")),
        (
            "equals(parameters('open'), parameters('OPEN'))",
            json!(true),
        ),
        (
            "equals(parameters('open'), parameters('other'))",
            json!("[equals(parameters('open'), parameters('Other'))]"),
        ),
        ("equals('a', 'A')", json!(false)),
        ("equals(1, 1)", json!(true)),
        ("equals(variables('map'), variables('map'))", json!(true)),
        ("equals(variables('half'), variables('map'))", json!(false)),
        ("equals(concat('a', parameters('open')), 'b')", json!(false)),
        (
            "equals(concat('a', parameters('open')), null())",
            json!(false),
        ),
        (
            "equals(parameters('open'), '')",
            json!("[equals(parameters('open'), '')]"),
        ),
        ("not(false())", json!(true)),
        (
            "not(parameters('open'))",
            json!("[not(parameters('open'))]"),
        ),
        ("and(true(), false(), parameters('open'))", json!(false)),
        ("and(parameters('open'), false())", json!(false)),
        (
            "and(true(), parameters('open'))",
            json!("[parameters('open')]"),
        ),
        ("or(parameters('open'), true())", json!(true)),
        (
            "or(parameters('open'), false(), parameters('open'))",
            json!("[parameters('open')]"),
        ),
        (
            "or(parameters('open'), parameters('other'))",
            json!("[or(parameters('open'), parameters('Other'))]"),
        ),
        ("coalesce(null(), parameters('maybe'), 'x')", json!("x")),
        (
            "coalesce(parameters('open'), 'x')",
            json!("[coalesce(parameters('open'), 'x')]"),
        ),
        (
            "coalesce(null(), parameters('open'))",
            json!("[parameters('open')]"),
        ),
        (
            "coalesce(concat('a', parameters('open')), 'x')",
            json!("[concat('a', parameters('open'))]"),
        ),
        (
            "tryGet(variables('map'), 'deep', 'list', 0, 'port')",
            json!(443),
        ),
        ("tryGet(variables('map'), 'gone', 'more')", json!(null)),
        (
            "tryGet(parameters('open'), 'a')",
            json!("[tryGet(parameters('open'), 'a')]"),
        ),
        ("empty('')", json!(true)),
        ("empty(null())", json!(true)),
        ("empty(variables('tags'))", json!(false)),
        (
            "empty(parameters('open'))",
            json!("[empty(parameters('open'))]"),
        ),
        ("empty(concat(parameters('open'), 'x'))", json!(false)),
        ("contains(variables('tags'), 'Storage')", json!(true)),
        ("contains(variables('tags'), 'storage')", json!(false)),
        ("contains(parameters('list'), 'b')", json!(true)),
        (
            "contains(parameters('list'), parameters('open'))",
            json!(true),
        ),
        (
            "contains(parameters('list'), 'z')",
            json!("[contains(createArray('a', 'b', parameters('open')), 'z')]"),
        ),
        ("contains(variables('map'), 'KEY')", json!(true)),
        ("contains('abc', 'b')", json!(true)),
    ]);
}

#[test]
fn what_is_no_expression_stays_as_it_is() {
    check(&[
        ("[x", json!("[x]")),
        ("concat(", json!("[concat(]")),
        ("concat('a'", json!("[concat('a']")),
        ("'a", json!("['a]")),
        ("concat('a') more", json!("[concat('a') more]")),
        ("", json!("[]")),
        ("99999999999999999999", json!("[99999999999999999999]")),
        ("1.5", json!("[1.5]")),
        ("'plain'", json!("plain")),
        (" concat ( 'a' , 'b' ) ", json!("ab")),
        ("true", json!(true)),
        ("-5", json!(-5)),
    ]);
}
