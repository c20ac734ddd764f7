//! What host and child say to each other: `docs/plugin-protocol.md` is the normative text.
//!
//! A message is a line of JSON, followed by as many bytes as its field `bytes` says.

use std::borrow::Cow;

use renown_abi as abi;
use renown_sdk::Piece;
use serde::{Deserialize, Serialize};

use crate::wrong::Wrong;

/// The version of the protocol.
pub(super) const VERSION: u32 = 1;

/// No line of JSON of a child's is longer.
pub(super) const LONGEST_LINE: usize = 1 << 16;

/// No list of manifests is longer.
pub(super) const LONGEST_MANIFESTS: u64 = 64 << 20;

/// Among a host's features: it takes rows of memberships ([`renown_abi::MEMBERSHIP`]).
pub(super) const MEMBERSHIPS: &str = "memberships";

/// What the host asks for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "lowercase")]
pub(super) enum Call<'c> {
    Hello {
        protocol: u32,
        features: Vec<String>,
    },
    Recognise {
        adapter: usize,
        path: Cow<'c, str>,
        disk: Option<Cow<'c, str>>,
    },
    Open {
        adapter: usize,
        reader: u64,
        path: Cow<'c, str>,
        disk: Option<Cow<'c, str>>,
        kind: Cow<'c, str>,
        #[serde(default)]
        options: serde_json::Map<String, serde_json::Value>,
    },
    Read {
        reader: u64,
        pieces: usize,
    },
    Close {
        reader: u64,
    },
    Create {
        formula: usize,
        state: u64,
        /// Names and weights.
        features: Cow<'c, [(String, f64)]>,
        params: serde_json::Map<String, serde_json::Value>,
    },
    Points {
        state: u64,
    },
    Parts {
        state: u64,
    },
    Destroy {
        state: u64,
    },
}

/// A message of the host's.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request<'c> {
    #[serde(flatten)]
    pub(super) call: Call<'c>,
    #[serde(default)]
    pub(super) bytes: u64,
}

/// The host's answer to a child that asked for the file beside.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Beside {
    pub(super) found: bool,
    #[serde(default)]
    pub(super) bytes: u64,
}

/// A message of the child's. Fields that this version does not know are not looked at.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Reply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Trouble>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sibling: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hello: Option<Hello>,
    /// To `recognise`, where the file is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    /// To `open`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) framing: Option<Cut>,
    #[serde(default)]
    pub(super) bytes: u64,
}

/// Who the child is. The manifests follow as bytes: a JSON list, one for each adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) protocol: u32,
    #[serde(default)]
    pub(super) features: Vec<String>,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) license: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) formulas: Vec<Offer>,
}

/// A formula that a child offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Offer {
    pub(super) name: String,
    pub(super) docs: String,
    /// As in the C interface's `params_json`.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub(super) params: serde_json::Value,
    /// Whether its points never fall when a value rises.
    #[serde(default)]
    pub(super) monotone: bool,
    /// Whether it can be asked for parts.
    #[serde(default)]
    pub(super) parts: bool,
}

/// How a file is to be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cut", rename_all = "lowercase")]
pub(super) enum Cut {
    Nothing,
    Json,
    Csv {
        #[serde(default)]
        header: u64,
        #[serde(default)]
        quote: Option<u8>,
    },
    Parts {
        parts: u64,
    },
}

/// Why a call failed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trouble {
    pub(super) code: String,
    #[serde(default)]
    pub(super) message: String,
    /// Where in the plugin; of a formula: the parameter or feature at fault.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) context: String,
    #[serde(default)]
    pub(super) offset: Option<u64>,
}

/// The codes of the C interface by their names here.
const CODES: [(&str, i32); 7] = [
    ("invalid", abi::E_INVALID),
    ("io", abi::E_IO),
    ("data", abi::E_DATA),
    ("unsupported", abi::E_UNSUPPORTED),
    ("cancelled", abi::E_CANCELLED),
    ("panic", abi::E_PANIC),
    ("internal", abi::E_INTERNAL),
];

impl Trouble {
    /// The code's number; that of a code that does not exist is 0.
    pub(super) fn number(&self) -> i32 {
        CODES.iter().find(|(name, _)| *name == self.code).map_or(0, |(_, number)| *number)
    }

    /// Trouble with a code of the C interface.
    pub(super) fn new(number: i32, message: String) -> Self {
        let code = CODES.iter().find(|(_, known)| *known == number).map_or("internal", |(name, _)| name);
        Self { code: code.into(), message, context: String::new(), offset: None }
    }
}

impl From<Wrong> for Trouble {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Told { code, message, context, offset } => {
                Self { context, offset, ..Self::new(code, message) }
            }
            Wrong::Did(what) | Wrong::Gave(what) => Self::new(abi::E_INTERNAL, what),
        }
    }
}

/// Where a piece's bytes are: in front of them stands one of these for each piece, as three 64-bit numbers, little endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) len: u64,
    /// In the file; `u64::MAX` for parts.
    pub(super) offset: u64,
    pub(super) part: u64,
}

impl Place {
    pub(super) const BYTES: usize = 24;

    /// The bytes of some pieces, behind their places.
    pub(super) fn lay_out(pieces: &[Piece<'_>], to: &mut Vec<u8>) {
        to.clear();
        for piece in pieces {
            let offset = piece.offset.unwrap_or(abi::UNKNOWN);
            for number in [piece.bytes.len() as u64, offset, piece.part as u64] {
                to.extend_from_slice(&number.to_le_bytes());
            }
        }
        for piece in pieces {
            to.extend_from_slice(piece.bytes);
        }
    }

    pub(super) fn read(from: &[u8; Self::BYTES]) -> Self {
        let number = |at: usize| {
            let mut digits = [0; 8];
            digits.copy_from_slice(&from[at..at + 8]);
            u64::from_le_bytes(digits)
        };
        Self { len: number(0), offset: number(8), part: number(16) }
    }
}
