//! What plugins print is not kept where there are no files in memory.

/// Standard output, as it is.
#[derive(Debug)]
pub struct Printed;

impl Printed {
    /// Keeps nothing.
    ///
    /// # Errors
    /// None.
    pub fn keep() -> std::io::Result<Self> {
        Ok(Self)
    }

    /// Nothing was kept.
    ///
    /// # Errors
    /// None.
    pub fn end(self) -> std::io::Result<String> {
        Ok(String::new())
    }
}
