//go:build linux

package main

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// The calls of this file are missing from package syscall.

// clockTime reads a clock (clock_gettime(2)).
func clockTime(clock int32) (time.Duration, error) {
	var t syscall.Timespec
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0)
	if errno != 0 {
		return 0, os.NewSyscallError("clock_gettime", errno)
	}
	return time.Duration(t.Nano()), nil
}

// newTimer makes a timer that epoll can wait for (timerfd_create(2)). It is as
// fine as the kernel's timers, while epoll's own time-out counts milliseconds,
// which is a whole interval at 1,000 requests a second.
func newTimer() (fd int, err error) {
	const monotonic = 1
	n, _, errno := syscall.RawSyscall(syscall.SYS_TIMERFD_CREATE, monotonic, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if errno != 0 {
		return -1, os.NewSyscallError("timerfd_create", errno)
	}
	return int(n), nil
}

// armTimer makes the timer fire once, after d or at once (timerfd_settime(2)).
func armTimer(fd int, d time.Duration) error {
	spec := struct{ interval, value syscall.Timespec }{value: syscall.NsecToTimespec(max(int64(d), 1))}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_TIMERFD_SETTIME, uintptr(fd), 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0)
	if errno != 0 {
		return os.NewSyscallError("timerfd_settime", errno)
	}
	return nil
}
