//! Memory that only the start needs.
//!
//! While PHP starts, names of classes, methods and parameters are read that lie all over the extension's constants. The system
//! maps what lies around them as well, and counts all of it as memory of the process for as long as it runs.

use std::ffi::c_void;

use libc::{PF_R, PF_W, PF_X, PT_LOAD, dl_iterate_phdr, dl_phdr_info};
use rustix::mm::{Advice, madvise};
use rustix::param::page_size;

/// Has the system forget which of the extension's constants were read. Those that are needed again it finds again, in the file.
pub(crate) fn forget_constants() {
    // SAFETY: the function is called for each loaded object before this returns, and keeps nothing.
    unsafe { dl_iterate_phdr(Some(forget_of), std::ptr::null_mut()) };
}

/// Looks at a loaded object; 0 to go on with the next.
unsafe extern "C" fn forget_of(object: *mut dl_phdr_info, _: usize, _: *mut c_void) -> i32 {
    let here = forget_constants as fn() as usize as u64;
    // SAFETY: the caller gives a valid description, whose headers are as many as it says.
    let (base, segments) = unsafe {
        let object = &*object;
        let count = usize::from(object.dlpi_phnum);
        (
            object.dlpi_addr,
            std::slice::from_raw_parts(object.dlpi_phdr, count),
        )
    };
    let loaded = || segments.iter().filter(|segment| segment.p_type == PT_LOAD);
    let is_ours = loaded().any(|segment| {
        let start = base + segment.p_vaddr;
        (start..start + segment.p_memsz).contains(&here)
    });
    if !is_ours {
        return 0;
    }
    let page = page_size() as u64;
    for segment in loaded().filter(|segment| segment.p_flags & (PF_R | PF_W | PF_X) == PF_R) {
        let start = (base + segment.p_vaddr).next_multiple_of(page);
        let end = (base + segment.p_vaddr + segment.p_filesz) / page * page;
        if start < end {
            let address = std::ptr::with_exposed_provenance_mut(start as usize);
            // SAFETY: whole pages of the file, which nobody can have written to: they are mapped anew when they are read.
            let _ = unsafe { madvise(address, (end - start) as usize, Advice::LinuxDontNeed) };
        }
    }
    1
}
