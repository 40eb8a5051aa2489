// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command line, run as a program.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod archives;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod board;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod centers;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod config;
#[cfg(test)]
mod confirmed;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod eds;
#[cfg(test)]
mod exchanges;
#[cfg(test)]
mod expired;
#[cfg(test)]
mod fifteenth;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod http;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod kept_lists;
#[cfg(test)]
mod nobody;
#[cfg(test)]
mod office;
#[cfg(test)]
mod originals;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod registers;
#[cfg(test)]
mod regulation;
#[cfg(test)]
mod road;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod theirs;
#[cfg(test)]
mod unjudged;
#[cfg(test)]
mod vouched;
#[cfg(test)]
mod worker;
