// Reads the statements of `tagscope export kusto` with Microsoft's parser, names and types too: node kusto.js FOLDER
const { readFileSync, readdirSync } = require("fs");
const { createRequire } = require("module");
const here = createRequire(process.cwd() + "/");
here("@kusto/language-service-next/bridge.min");
here("@kusto/language-service-next/Kusto.Language.Bridge.min");

const { KustoCode, GlobalState, Symbols } = Kusto.Language;
const table = (name, schema) => new Symbols.TableSymbol.$ctor7(name, `(${schema})`, null);
const tables = [
    table("Log", "line: string"),
    table("Tagscope", "cidr: string, tag: string, tags: string, region: string, service: string, system_service: string"),
    table("TagscopeNew", "cidr: string, tag: string, tags: string, region: string, service: string, system_service: string"),
    // The columns that Microsoft documents, as far as a statement names them.
    table("AZFWNetworkRule", "TimeGenerated: datetime, DestinationIp: string, DestinationPort: int, Protocol: string, Action: string"),
    table("NTANetAnalytics", "TimeGenerated: datetime, SubType: string, SrcPublicIps: string, DestPublicIps: string, "
        + "FlowDirection: string, FlowStatus: string, DestPort: int"),
];
const database = new Symbols.DatabaseSymbol.ctor("db", tables);
const globals = GlobalState.Default.WithDatabase(database);

let flaws = 0, read = 0;
for (const name of readdirSync(process.argv[2]).filter((name) => name.endsWith(".kql"))) {
    const text = readFileSync(`${process.argv[2]}/${name}`, "utf8");
    for (const part of name === "load.kql" ? text.split("\n\n") : [text]) {
        const found = KustoCode.ParseAndAnalyze(part, globals).GetDiagnostics();
        read += 1;
        for (let place = 0; place < found.Count; place += 1) {
            const flaw = found.getItem(place);
            console.error(`${name}: ${flaw.Message}: ${part.slice(flaw.Start, flaw.Start + 40)}`);
            flaws += 1;
        }
    }
}
console.log(`kusto        ${read} statements read by Microsoft's parser, ${flaws} flaws`);
process.exit(flaws || !read ? 1 : 0);
