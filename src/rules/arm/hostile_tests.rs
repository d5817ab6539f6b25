//! Inputs that nobody writes in good faith: bounds hold, nothing panics.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::rules::arm::expand::Expander;
use crate::rules::arm::{
    ArmGapKind, ArmTemplate, LIMITS, Limits, expand, is_template, parameters_of,
};

const NSG: &str = "Microsoft.Network/networkSecurityGroups";

/// Expands on a small stack, in a bounded time.
fn bounded(template: Value) -> ArmTemplate {
    limited(template, LIMITS)
}

fn limited(template: Value, limits: Limits) -> ArmTemplate {
    let work = move || {
        let start = Instant::now();
        let got = Expander::new(&Map::new(), limits).file(&template, "");
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
        got
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    thread.spawn(work).unwrap().join().unwrap()
}

fn resource(it: &str) -> Value {
    json!({ "type": NSG, "name": "n", "properties": { "it": it } })
}

fn bounds(template: &ArmTemplate) -> Vec<&'static str> {
    let gaps = template.gaps.iter();
    gaps.filter_map(|gap| match gap.why {
        ArmGapKind::Bound(bound) => Some(bound),
        _ => None,
    })
    .collect()
}

#[test]
fn deep_parentheses_stay_as_they_are() {
    for deep in [60, 70, 10_000] {
        let it = format!("[{}1{}]", "concat(".repeat(deep), ")".repeat(deep));
        let got = bounded(json!({ "resources": [resource(&it)] }));
        let is_deep = deep > 64;
        assert_eq!(!bounds(&got).is_empty(), is_deep, "{deep}");
    }
    let got =
        bounded(json!({ "resources": [resource(&format!("[{}]", "concat(".repeat(3_000)))] }));
    assert!(got.resources[0].value["properties"]["it"].is_string());
    let chain = format!("[parameters('x'){}]", ".a".repeat(11_000));
    let got = bounded(json!({ "resources": [resource(&chain)] }));
    assert!(
        got.resources[0].value["properties"]["it"]
            .as_str()
            .unwrap()
            .ends_with(']')
    );
}

#[test]
fn a_long_expression_stays_as_it_is() {
    let it = format!("[concat('{}')]", "a".repeat(30_000));
    let got = bounded(json!({ "resources": [resource(&it)] }));
    assert_eq!(got.resources[0].value["properties"]["it"], json!(it));
    assert_eq!(bounds(&got), ["the characters of an expression"]);
}

#[test]
fn long_chains_of_variables_end() {
    let mut variables = Map::new();
    for number in 0..5_000 {
        let next = number + 1;
        variables.insert(
            format!("v{number}"),
            json!(format!("[createArray(variables('v{next}'))]")),
        );
    }
    let got =
        bounded(json!({ "variables": variables, "resources": [resource("[variables('v0')]")] }));
    assert_eq!(bounds(&got), ["the depth of an expression"]);
}

#[test]
fn doubling_is_bounded() {
    for double in ["concat", "createArray", "union"] {
        for start in [
            json!("0123456789"),
            json!(["a"]),
            json!("[parameters('open')]"),
            json!({ "a": 1 }),
        ] {
            let mut variables = Map::new();
            variables.insert("v0".to_owned(), start);
            for number in 1..60 {
                let last = number - 1;
                let it = format!("[{double}(variables('v{last}'), variables('v{last}'))]");
                variables.insert(format!("v{number}"), json!(it));
            }
            let template = json!({ "variables": variables, "resources": [
                resource("[variables('v59')]"),
                resource("[equals(variables('v20'), variables('v19'))]"),
                resource("[string(variables('v30'))]"),
            ] });
            let got = bounded(template);
            let text = serde_json::to_string(&got.resources[0].value).unwrap();
            assert!(text.len() < 64 << 20, "{double} {}", text.len());
        }
    }
}

#[test]
fn lists_inside_each_other_are_bounded() {
    let it = "[reduce(range(0, 10000), createArray(), lambda('a', 'x', createArray(lambdaVariables('a'))))]";
    bounded(json!({ "resources": [resource(it)] }));
    let it = "[reduce(range(0, 10000), createArray(), lambda('a', 'x', createObject('k', lambdaVariables('a'))))]";
    bounded(json!({ "resources": [resource(it)] }));
}

#[test]
fn a_deep_document_is_no_danger() {
    let mut deep = json!(1);
    for _ in 0..400 {
        deep = json!([deep]);
    }
    let got = bounded(json!({ "resources": [{ "type": NSG, "name": "n", "properties": deep }] }));
    assert_eq!(bounds(&got), ["the depth of an expression"]);
}

#[test]
fn loops_inside_loops_end() {
    let map = "map(range(0, 1000), lambda('a', map(range(0, 1000), lambda('b', map(range(0, 1000), lambda('c', 1))))))";
    let got = bounded(json!({ "resources": [resource(&format!("[{map}]"))] }));
    assert_eq!(bounds(&got), ["the steps of a file"]);
}

#[test]
fn deployments_inside_deployments_end() {
    let mut template = json!({ "resources": [resource("x")] });
    for _ in 0..14 {
        template = json!({ "resources": [
            { "type": "Microsoft.Resources/deployments", "name": "d", "properties": { "template": template } }
        ] });
    }
    let got = bounded(template);
    assert_eq!(bounds(&got), ["the levels of deployments"]);
    let mut template = json!({ "resources": [resource("x")] });
    for _ in 0..5 {
        template = json!({ "resources": [{
            "type": "Microsoft.Resources/deployments",
            "name": "d",
            "copy": { "name": "c", "count": 800 },
            "properties": {
                "expressionEvaluationOptions": { "scope": "inner" },
                "template": template
            }
        }] });
    }
    let got = bounded(template);
    assert!(bounds(&got).contains(&"the deployments of a file"));
}

#[test]
fn resources_are_bounded() {
    let mut list = Vec::new();
    for _ in 0..3 {
        list.push(json!({ "type": NSG, "name": "n", "copy": { "name": "c", "count": 800 } }));
    }
    let limits = Limits {
        resources: 2_000,
        ..LIMITS
    };
    let got = limited(json!({ "resources": list }), limits);
    assert_eq!(got.resources.len(), 2_000);
    assert_eq!(bounds(&got), ["the resources of a file"]);
}

#[test]
fn gaps_are_bounded() {
    let list: Vec<Value> = (0..5_000).map(|number| json!(number)).collect();
    let got = bounded(json!({ "resources": list }));
    assert_eq!(got.gaps.len(), 1_000);
    assert_eq!(bounds(&got), ["the gaps of a file"]);
}

#[test]
fn long_elements_are_never_taken_for_each_other() {
    let long = "a".repeat(20_000);
    let two = |end: &str| json!({ "a": long, "b": long, "c": end });
    let variables = json!({ "l": [two("1"), two("2")], "m": [two("3")] });
    let it = "[length(union(variables('l'), variables('m')))]";
    let got = bounded(json!({ "variables": variables, "resources": [resource(it)] }));
    assert_eq!(got.resources[0].value["properties"]["it"], 3);
}

#[test]
fn big_literal_copies_are_bounded() {
    let rules: Vec<Value> = (0..100)
        .map(|number| json!({ "name": number.to_string() }))
        .collect();
    let limits = Limits {
        values: 100_000,
        ..LIMITS
    };
    let resources = json!({ "resources": [
        { "type": NSG, "name": "n", "copy": { "name": "c", "count": 800 }, "properties": { "securityRules": rules } },
        { "type": NSG, "name": "n", "copy": { "name": "c", "count": 800 }, "properties": { "securityRules": rules } }
    ] });
    let got = limited(resources, limits);
    assert_eq!(bounds(&got), ["the values of a file"]);
    assert!(!got.resources.is_empty());
    for resource in &got.resources {
        assert_eq!(
            resource.value["properties"]["securityRules"]
                .as_array()
                .unwrap()
                .len(),
            100
        );
    }
}

/// A generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

fn seed() -> String {
    let mut many = String::new();
    for name in [
        "concat",
        "format",
        "split",
        "take",
        "union",
        "json",
        "cidrSubnet",
        "replace",
        "padLeft",
        "map",
    ] {
        let _ = write!(
            many,
            "\"{name}\": \"[{name}(parameters('a'), variables('b').c[0], 3, 'x')]\","
        );
    }
    format!(
        r#"{{"$schema":"https://x/deploymentTemplate.json#","contentVersion":"1","parameters":{{"a":{{"defaultValue":"[variables('b')]"}}}},
        "variables":{{"b":{{"c":[1,"[copyIndex()]"]}},"copy":[{{"name":"k","count":3,"input":"[copyIndex('k')]"}}]}},
        "functions":[{{"namespace":"n","members":{{"f":{{"parameters":[{{"name":"p"}}],"output":{{"value":"[parameters('p')]"}}}}}}}}],
        "resources":[{{"type":"Microsoft.Network/x","name":"[format('{{0}}-{{1:D2}}', n.f('q'), copyIndex(1))]","copy":{{"name":"c","count":2}},
        "condition":"[if(equals(1,1), true(), 'x')]","properties":{{{many}"copy":[{{"name":"r","count":"[length(variables('k'))]","input":"[filter(range(0,5), lambda('i', less(lambdaVariables('i'), 3)))]"}}]}},
        "resources":[{{"type":"y","name":"[resourceId('Microsoft.A/b','c')]"}}]}},
        {{"type":"Microsoft.Resources/deployments","name":"d","resourceGroup":"g","properties":{{"expressionEvaluationOptions":{{"scope":"inner"}},
        "parameters":{{"z":{{"value":"[resourceGroup().id]"}}}},"template":{{"parameters":{{"z":{{}}}},"resources":{{"s":{{"type":"Microsoft.B/c","name":"[last(split(parameters('z'),'/'))]"}}}}}}}}}}]}}"#
    )
}

#[test]
fn no_mutation_panics() {
    let seed = seed();
    assert!(
        serde_json::from_str::<Value>(&seed).is_ok(),
        "{:?}",
        serde_json::from_str::<Value>(&seed)
    );
    let pieces = [
        "'",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "{",
        "}",
        "\"",
        "0",
        "-1",
        "99999999999",
        "ä",
        "null",
        "true",
        ":",
        "concat(",
        "[[",
        "copyIndex()",
        ".?",
        "\\u0000",
    ];
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut read = 0;
    for _ in 0..1_000 {
        let mut text: Vec<char> = seed.chars().collect();
        for _ in 0..=dice.below(3) {
            let at = dice.below(text.len());
            match dice.below(3) {
                0 => {
                    text.remove(at);
                }
                1 => {
                    let piece = pieces[dice.below(pieces.len())];
                    text.splice(at..at, piece.chars());
                }
                _ => {
                    let from = dice.below(text.len());
                    let end = (from + dice.below(30)).min(text.len());
                    let part: Vec<char> = text[from..end].to_vec();
                    text.splice(at..at, part);
                }
            }
        }
        let text: String = text.into_iter().collect();
        let Ok(value) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        read += 1;
        let given = parameters_of(&value).unwrap_or_default();
        let _ = is_template(&value);
        let got = expand(&value, "", &given);
        assert_eq!(got, expand(&value, "", &given));
    }
    assert!(read > 100, "{read}");
}
