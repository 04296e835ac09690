//! Memory that only the start needs.
//!
//! While PHP starts, names of classes, methods and parameters are read that lie all over the extension's constants. The system
//! maps what lies around them as well, and counts all of it as memory of the process for as long as it runs.

use std::ffi::c_void;

use libc::{
    _SC_PAGESIZE, Elf64_Phdr, PF_R, PF_W, PF_X, PT_LOAD, dl_iterate_phdr, dl_phdr_info, sysconf,
};
use rustix::mm::{Advice, madvise};

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
    let is_ours = |segment: &Elf64_Phdr| {
        here.wrapping_sub(base.wrapping_add(segment.p_vaddr)) < segment.p_memsz
    };
    if !loaded().any(is_ours) {
        return 0;
    }
    // SAFETY: asks for a number.
    let page = unsafe { sysconf(_SC_PAGESIZE) };
    let Some(page) = u64::try_from(page)
        .ok()
        .filter(|page| page.is_power_of_two())
    else {
        return 1;
    };
    for segment in loaded().filter(|segment| segment.p_flags & (PF_R | PF_W | PF_X) == PF_R) {
        let begin = base.wrapping_add(segment.p_vaddr);
        let start = begin.wrapping_add(page - 1) & !(page - 1);
        let end = begin.wrapping_add(segment.p_filesz) & !(page - 1);
        if start < end {
            let address = std::ptr::with_exposed_provenance_mut(start as usize);
            // SAFETY: whole pages of the file, which nobody can have written to: they are mapped anew when they are read.
            let _ = unsafe { madvise(address, (end - start) as usize, Advice::LinuxDontNeed) };
        }
    }
    1
}
