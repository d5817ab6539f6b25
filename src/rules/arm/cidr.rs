//! Functions of blocks of addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use crate::rules::arm::value::{Data, Members};

/// A block, its host bits cleared.
struct Block {
    bits: u128,
    length: u32,
    /// 32 or 128.
    width: u32,
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let (bits, width): (u128, u32) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let hosts = mask(width.checked_sub(length)?);
        let bits = bits & !hosts;
        Some(Self {
            bits,
            length,
            width,
        })
    }

    fn address(&self, bits: u128) -> Option<String> {
        if self.width == 32 {
            let bits = u32::try_from(bits).ok()?;
            return Some(Ipv4Addr::from(bits).to_string());
        }
        Some(Ipv6Addr::from(bits).to_string())
    }

    fn hosts(&self) -> u128 {
        mask(self.width - self.length)
    }
}

/// This many low bits.
fn mask(bits: u32) -> u128 {
    match bits {
        0 => 0,
        _ => u128::MAX >> (128 - bits.min(128)),
    }
}

/// The block of a length and a number within another.
pub(super) fn subnet(args: &[Data]) -> Option<Data> {
    let [Data::Text(block), Data::Int(length), Data::Int(index)] = args else {
        return None;
    };
    let block = Block::parse(block)?;
    let length = u32::try_from(*length).ok()?;
    let count = mask(length.checked_sub(block.length)?);
    let index = u128::try_from(*index).ok()?;
    let host = block.width.checked_sub(length)?;
    if index > count {
        return None;
    }
    let offset = index.checked_shl(host).unwrap_or(0);
    let address = block.address(block.bits | offset)?;
    Some(Data::text(format!("{address}/{length}")))
}

/// An address of an IPv4 block that a machine can have, from 0.
pub(super) fn host(args: &[Data]) -> Option<Data> {
    let [Data::Text(block), Data::Int(index)] = args else {
        return None;
    };
    let block = Block::parse(block)?;
    let place = u128::try_from(*index).ok()?.checked_add(1)?;
    let is_host = block.width == 32 && block.length <= 30 && place < block.hosts();
    let address = block.address(block.bits | place).filter(|_| is_host)?;
    Some(Data::text(address))
}

/// What an IPv4 block consists of.
pub(super) fn parse(args: &[Data]) -> Option<Data> {
    let [Data::Text(block)] = args else {
        return None;
    };
    let block = Block::parse(block)?;
    if block.width != 32 || block.length > 30 {
        return None;
    }
    let hosts = block.hosts();
    let end = block.bits | hosts;
    let mut members = Members::new();
    let texts = [
        ("network", block.address(block.bits)?),
        ("netmask", block.address(!hosts & mask(32))?),
        ("broadcast", block.address(end)?),
        ("firstUsable", block.address(block.bits + 1)?),
        ("lastUsable", block.address(end - 1)?),
    ];
    for (key, text) in texts {
        members.insert(Rc::from(key), Data::text(text));
    }
    members.insert(Rc::from("cidr"), Data::Int(i64::from(block.length)));
    Some(Data::object(members))
}
