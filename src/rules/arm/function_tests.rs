//! Functions of numbers, texts, lists, objects and blocks, and what they become.

use serde_json::json;

use crate::rules::arm::table_tests::check;

#[test]
fn numbers_are_counted() {
    check(&[
        ("add(1, 2)", json!(3)),
        ("sub(1, 2)", json!(-1)),
        ("mul(-3, 2)", json!(-6)),
        ("div(7, 2)", json!(3)),
        ("div(7, 0)", json!("[div(7, 0)]")),
        ("mod(7, 3)", json!(1)),
        (
            "add(9223372036854775807, 1)",
            json!("[add(9223372036854775807, 1)]"),
        ),
        ("min(3, 1, 2)", json!(1)),
        ("max(createArray(3, 1))", json!(3)),
        ("int('42')", json!(42)),
        ("int('x')", json!("[int('x')]")),
        ("range(2, 3)", json!([2, 3, 4])),
        ("range(0, 99999)", json!("[range(0, 99999)]")),
        ("less(1, 2)", json!(true)),
        ("greater('b', 'a')", json!(true)),
        ("greater('a', 'A')", json!("[greater('a', 'A')]")),
        ("lessOrEquals(2, 2)", json!(true)),
        (
            "greaterOrEquals(1, parameters('open'))",
            json!("[greaterOrEquals(1, parameters('open'))]"),
        ),
        ("bool('True')", json!(true)),
        ("bool(0)", json!(false)),
        ("string(5)", json!("5")),
        ("string(createArray('a', 1))", json!("[\"a\",1]")),
    ]);
}

#[test]
fn texts_are_cut_and_joined() {
    check(&[
        ("toUpper('aB')", json!("AB")),
        ("trim(' a ')", json!("a")),
        ("substring('abcdef', 1, 3)", json!("bcd")),
        ("substring('abc', 1)", json!("bc")),
        ("substring('abc', 2, 5)", json!("[substring('abc', 2, 5)]")),
        ("startsWith('AbC', 'ab')", json!(true)),
        ("endsWith('abc', 'BC')", json!(true)),
        ("indexOf('abcb', 'B')", json!(1)),
        ("lastIndexOf('abcb', 'b')", json!(3)),
        ("padLeft('7', 3, '0')", json!("007")),
        ("padLeft(12, 4)", json!("  12")),
        ("replace('a.b.c', '.', '-')", json!("a-b-c")),
        (
            "replace('aA', 'a', 'x')",
            json!("[replace('aA', 'a', 'x')]"),
        ),
        (
            "split('a,b;c', createArray(',', ';'))",
            json!(["a", "b", "c"]),
        ),
        ("split('10.0.0.0/24', '/')[1]", json!("24")),
        ("join(createArray('a', 'b'), ', ')", json!("a, b")),
        (
            "join(parameters('list'), '-')",
            json!("[concat('a-b-', parameters('open'))]"),
        ),
        ("json('{\"a\": [1, null]}').a[0]", json!(1)),
        ("json('{')", json!("[json('{')]")),
        ("base64('hello')", json!("aGVsbG8=")),
        ("base64ToString('aGVsbG8=')", json!("hello")),
        ("first('abc')", json!("a")),
        ("last('abc')", json!("c")),
        ("take('abc', 2)", json!("ab")),
        ("skip('abc', 2)", json!("c")),
        ("length('abc')", json!(3)),
        ("length('ä')", json!("[length('ä')]")),
    ]);
}

#[test]
fn lists_and_objects_are_made() {
    check(&[
        ("createArray()", json!([])),
        (
            "createObject('a', 1, 'b', parameters('open'))",
            json!({ "a": 1, "b": "[parameters('open')]" }),
        ),
        ("array('a')", json!(["a"])),
        (
            "array(parameters('open'))",
            json!("[array(parameters('open'))]"),
        ),
        ("length(parameters('list'))", json!(3)),
        ("first(variables('tags'))", json!("Internet")),
        ("last(createArray())", json!(null)),
        ("take(variables('tags'), 1)", json!(["Internet"])),
        ("skip(variables('tags'), 9)", json!([])),
        ("indexOf(variables('tags'), 'Storage')", json!(1)),
        ("indexFromEnd(variables('tags'), 1)", json!("Storage")),
        ("tryIndexFromEnd(variables('tags'), 3)", json!(null)),
        (
            "flatten(createArray(createArray(1), createArray(2, 3)))",
            json!([1, 2, 3]),
        ),
        (
            "union(createArray(1, 2), createArray(2, 3))",
            json!([1, 2, 3]),
        ),
        (
            "intersection(createArray(1, 2, 3), createArray(3, 2))",
            json!([2, 3]),
        ),
        (
            "union(createObject('a', 1, 'o', createObject('x', 1)), createObject('A', 2, 'o', createObject('y', 2)))",
            json!({ "a": 2, "o": { "x": 1, "y": 2 } }),
        ),
        (
            "shallowMerge(createArray(createObject('o', createObject('x', 1)), createObject('o', createObject('y', 2))))",
            json!({ "o": { "y": 2 } }),
        ),
        (
            "union(parameters('open'), createObject('a', 1))",
            json!("[union(parameters('open'), createObject('a', 1))]"),
        ),
        (
            "items(createObject('b', 1, 'a', 2))[0]",
            json!({ "key": "a", "value": 2 }),
        ),
        (
            "objectKeys(createObject('b', 1, 'a', 2))",
            json!(["a", "b"]),
        ),
    ]);
}

#[test]
fn lambdas_are_applied() {
    check(&[
        (
            "map(createArray(1, 2), lambda('n', mul(lambdaVariables('n'), 2)))",
            json!([2, 4]),
        ),
        (
            "map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))",
            json!(["a0", "b1"]),
        ),
        (
            "map(parameters('list'), lambda('x', concat('p-', lambdaVariables('x'))))",
            json!(["p-a", "p-b", "[concat('p-', parameters('open'))]"]),
        ),
        (
            "map(parameters('open'), lambda('x', concat(lambdaVariables('x'), parameters('name'))))",
            json!("[map(parameters('open'), lambda('x', concat(lambdaVariables('x'), 'Web')))]"),
        ),
        (
            "filter(range(0, 5), lambda('n', greater(lambdaVariables('n'), 2)))",
            json!([3, 4]),
        ),
        (
            "filter(parameters('list'), lambda('n', equals(lambdaVariables('n'), 'a')))",
            json!(
                "[filter(createArray('a', 'b', parameters('open')), lambda('n', equals(lambdaVariables('n'), 'a')))]"
            ),
        ),
        (
            "reduce(range(1, 4), 0, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))",
            json!(10),
        ),
        (
            "sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
            json!([1, 2, 3]),
        ),
        (
            "toObject(createArray('a'), lambda('x', lambdaVariables('x')), lambda('x', 1))",
            json!({ "a": 1 }),
        ),
        (
            "mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))",
            json!({ "a": 2 }),
        ),
        (
            "map(range(0, 2), lambda('x', map(range(0, 2), lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))))",
            json!([[0, 1], [1, 2]]),
        ),
        ("lambdaVariables('x')", json!("[lambdaVariables('x')]")),
    ]);
}

#[test]
fn blocks_are_divided() {
    check(&[
        ("cidrSubnet('10.144.0.0/20', 24, 0)", json!("10.144.0.0/24")),
        (
            "cidrSubnet('10.144.0.0/20', 24, 15)",
            json!("10.144.15.0/24"),
        ),
        (
            "cidrSubnet('10.144.0.0/20', 24, 16)",
            json!("[cidrSubnet('10.144.0.0/20', 24, 16)]"),
        ),
        (
            "cidrSubnet('10.144.0.0/20', 16, 0)",
            json!("[cidrSubnet('10.144.0.0/20', 16, 0)]"),
        ),
        (
            "cidrSubnet('fdad:3236:5555::/48', 64, 1)",
            json!("fdad:3236:5555:1::/64"),
        ),
        ("cidrSubnet('0.0.0.0/0', 32, 1)", json!("0.0.0.1/32")),
        ("cidrHost('10.144.3.0/24', 1)", json!("10.144.3.2")),
        ("cidrHost('10.144.3.0/24', 253)", json!("10.144.3.254")),
        (
            "cidrHost('10.144.3.0/24', 254)",
            json!("[cidrHost('10.144.3.0/24', 254)]"),
        ),
        (
            "cidrHost(parameters('open'), 1)",
            json!("[cidrHost(parameters('open'), 1)]"),
        ),
        (
            "parseCidr('10.144.0.9/20').lastUsable",
            json!("10.144.15.254"),
        ),
        ("parseCidr('10.144.0.0/20').netmask", json!("255.255.240.0")),
        ("parseCidr('10.144.0.0/20').cidr", json!(20)),
    ]);
}
