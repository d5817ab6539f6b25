//! A list of one's own: addresses, CIDRs and ranges, one a line or several, comments behind `#` or `;`.

use serde_json::Value;

use crate::ranges::RangesError;
use crate::space::{Block, Span, cover};
use crate::text::{Safe, What, lines, scan};

/// The blocks of a text.
pub(super) fn read(text: &str) -> Result<Vec<Block>, RangesError> {
    let mut blocks = Vec::new();
    for (place, line) in lines(text).enumerate() {
        let line = text.get(line).unwrap_or_default();
        let code = line.split(['#', ';']).next().unwrap_or_default();
        for found in scan(code) {
            let wrong = || RangesError::Line {
                line: place + 1,
                text: Safe::new(code.get(found.span.clone()).unwrap_or_default()),
            };
            match found.what {
                What::Address(address) => blocks.push(Block::of(address)),
                What::Block(address, length) => {
                    let (family, number) = crate::space::bits(address);
                    blocks.push(Block::holding(family, number, length));
                }
                What::Range(first, last) => {
                    let span = Span::between(first, last).ok_or_else(wrong)?;
                    blocks.extend(cover(span));
                }
                What::Wrong(_) | What::Word => return Err(wrong()),
            }
        }
    }
    Ok(blocks)
}

/// The blocks of an array of texts; `None` where it is something else.
pub(super) fn of_array(value: &Value) -> Result<Option<Vec<Block>>, RangesError> {
    let texts: Option<Vec<&str>> = value
        .as_array()
        .and_then(|items| items.iter().map(Value::as_str).collect());
    let blocks = texts.map(|texts| texts.into_iter().map(block).collect());
    blocks.transpose()
}

/// A CIDR or an address of a publication.
pub(super) fn block(text: &str) -> Result<Block, RangesError> {
    if let Ok((block, _)) = Block::parse(text) {
        return Ok(block);
    }
    let address = text.parse().map(Block::of);
    address.map_err(|_| RangesError::Prefix(Safe::new(text)))
}
