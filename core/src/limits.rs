//! The bounds on a body, on the report about it and on its values, each with its range if hosts can set it (contract §2, §5).

/// A setting's range, both ends included.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    pub(crate) min: u32,
    pub(crate) max: u32,
    /// `MIN to MAX`.
    pub(crate) words: &'static str,
}

macro_rules! range {
    ($min:literal, $max:literal) => {
        $crate::limits::Range { min: $min, max: $max, words: concat!($min, " to ", $max) }
    };
}
pub(crate) use range;

/// One of [`Limits`]: its range, and where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) range: Range,
    pub(crate) of: fn(&mut Limits) -> &mut u32,
}

macro_rules! limits {
    ($($name:ident $with:ident $key:literal $default:literal ($min:literal, $max:literal) $meaning:literal)*) => {
        /// The bounds on a body and on the report about it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Limits {
            $(#[doc = $meaning] pub $name: u32,)*
        }

        impl Default for Limits {
            fn default() -> Limits {
                Limits::DEFAULT
            }
        }

        impl Limits {
            /// The limits of the default policy.
            pub const DEFAULT: Limits = Limits { $($name: $default),* };

            $(#[doc = concat!("The same with another bound: ", $meaning)]
            #[must_use]
            pub const fn $with(self, $name: u32) -> Limits {
                Limits { $name, ..self }
            })*

            /// The keys of a policy file, in their order.
            pub(crate) const KEYS: [&'static str; 7] = [$($key),*];
            pub(crate) const ROWS: [(&'static str, Limit); 7] =
                [$(($key, Limit { range: range!($min, $max), of: |limits| &mut limits.$name })),*];

            pub(crate) fn all(&self) -> [u32; 7] {
                let Limits { $($name),* } = *self;
                [$($name),*]
            }
        }
    };
}

limits! {
    body with_body "body" 1_048_576 (1_024, 16_777_216) "Bytes of a body: 1 KiB to 16 MiB."
    depth with_depth "depth" 64 (4, 64) "Arrays and objects inside each other: 4 to 64."
    attachments with_attachments "attachments" 100 (0, 1_000) "Attachments of a message: 0 to 1,000."
    identifier with_identifier "identifier" 255 (1, 4_096) "UTF-16 code units of clientId, unauthorizedClientId and appMarker: 1 to 4,096."
    address with_address "address" 1_024 (1, 4_096) "UTF-16 code units of deviceAddress: 1 to 4,096."
    violations with_violations "violations" 64 (1, 1_000) "Violations that are reported: 1 to 1,000."
    warnings with_warnings "warnings" 64 (1, 1_000) "Warnings that are reported: 1 to 1,000."
}

/// The range of a channel's text limit, and of the lengths from which it warns.
pub(crate) const TEXT_RANGE: Range = range!(1, 100_000);

/// The limits of an attachment's strings, in UTF-16 code units (`api/page.md`, "[sibling]").
pub(crate) const URL_LIMIT: u32 = 4_000;
pub(crate) const NAME_LIMIT: u32 = 1_000;
pub(crate) const TYPE_LIMIT: u32 = 256;
/// The largest size: 2^53 - 1, which every JSON reader keeps exactly.
pub(crate) const SIZE_LIMIT: u64 = (1 << 53) - 1;
