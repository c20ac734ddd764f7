use super::page;
use crate::pipeline::Run;
use renown_core::explain::Explanation;
use std::io::{self, Write};
pub(super) fn write(_run: &Run, explanation: &Explanation, out: &mut (dyn Write + Send)) -> io::Result<()> {
    page::write(&explanation.person, &maud::html! {}, out)
}
