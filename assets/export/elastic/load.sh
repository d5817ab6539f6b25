# In this folder: ES=https://localhost:9200 KEY=… bash load.sh
# Each week again: the alias, and with it the index of the policy, changes whole.
set -euo pipefail
index="tagscope-{{name}}"
json=(-H "Authorization: ApiKey $KEY" -H 'Content-Type: application/json')
call() { curl --fail-with-body --silent --show-error "${json[@]}" "$@" >/dev/null; }

# What an earlier run that ended early has left.
curl --silent "${json[@]}" -X DELETE "$ES/$index?ignore_unavailable=true" >/dev/null
call -X PUT "$ES/$index" --data-binary @index.json
split -l 20000 tags.ndjson .bulk-
trap 'rm -f .bulk-*' EXIT
for part in .bulk-*; do
    curl --fail-with-body --silent --show-error -H "Authorization: ApiKey $KEY" \
        -H 'Content-Type: application/x-ndjson' --data-binary @"$part" \
        "$ES/$index/_bulk?filter_path=errors" | grep -q '"errors":false'
done
call -X POST "$ES/$index/_refresh"
call -X POST "$ES/_aliases" --data-binary \
    '{"actions":[{"remove":{"index":"tagscope-*","alias":"tagscope","must_exist":false}},{"add":{"index":"'"$index"'","alias":"tagscope"}}]}'
# A policy cannot be changed: an existing one stays, and reads the alias anew.
curl --fail --silent "${json[@]}" "$ES/_enrich/policy/tagscope" | grep -q '"name":"tagscope"' ||
    call -X PUT "$ES/_enrich/policy/tagscope" --data-binary @policy.json
call -X POST "$ES/_enrich/policy/tagscope/_execute"
call -X PUT "$ES/_ingest/pipeline/tagscope" --data-binary @pipeline.json
