-- The first word of each line of access.log with its tags; a column of yours goes in place of file(…).
-- An empty text means in no tag.
SELECT address,
    dictGet('tagscope', 'tag', toIPv6OrDefault(address)) AS tag,
    dictGet('tagscope', 'tags', toIPv6OrDefault(address)) AS tags
FROM (SELECT splitByChar(' ', line)[1] AS address FROM file('access.log', 'LineAsString', 'line String'))
FORMAT CSVWithNames;
