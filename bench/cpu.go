//go:build linux

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// userHZ is the unit of CPU times in /proc: 100 ticks a second on every
// architecture that Go runs on (proc(5), sysconf(_SC_CLK_TCK)).
const userHZ = 100

// stat is what we need of /proc/PID/stat (proc_pid_stat(5)).
type stat struct {
	pid, parent int
	reaped      time.Duration // user and system time of children that were waited for
}

// parseStat reads one /proc/PID/stat. The name in parentheses may hold anything,
// parentheses and spaces too, so fields are counted from the last ')'.
func parseStat(text string) (stat, error) {
	open, closing := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if open < 0 || closing < open {
		return stat{}, errors.New("stat line without a name in parentheses")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(text[:open]))
	if err != nil {
		return stat{}, fmt.Errorf("stat line: pid: %w", err)
	}
	fields := strings.Fields(text[closing+1:]) // fields[0] is field 3, state
	if len(fields) < 15 {
		return stat{}, errors.New("stat line is cut short")
	}
	var n [3]int64
	for i, field := range [...]int{4, 16, 17} { // ppid, cutime, cstime
		if n[i], err = strconv.ParseInt(fields[field-3], 10, 64); err != nil {
			return stat{}, fmt.Errorf("stat line: field %d: %w", field, err)
		}
	}
	return stat{pid: pid, parent: int(n[0]), reaped: ticks(n[1] + n[2])}, nil
}

func ticks(n int64) time.Duration { return time.Duration(n) * (time.Second / userHZ) }

// processTree returns the root and all its descendants.
func processTree(root int) ([]stat, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	byParent := map[int][]stat{}
	var tree []stat
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // ended since the listing
		}
		if err != nil {
			return nil, err
		}
		s, err := parseStat(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if s.pid == root {
			tree = append(tree, s)
		}
		byParent[s.parent] = append(byParent[s.parent], s)
	}
	if len(tree) == 0 {
		return nil, fmt.Errorf("process %d does not exist", root)
	}
	for i := 0; i < len(tree); i++ {
		tree = append(tree, byParent[tree[i].pid]...)
	}
	return tree, nil
}

// cpuReading is the CPU time that each process of a tree has used so far.
type cpuReading struct {
	used   map[int]time.Duration
	reaped time.Duration
}

// readCPU reads the tree's CPU time.
//
// The time of a process comes from its CPU-time clock (clock_getcpuclockid(3)):
// user and system time of all its threads, ended ones too, in nanoseconds. The
// other two sources fall short: utime and stime in /proc/PID/stat are the same
// sum cut to 10 ms, and schedstat, though as fine, exists per thread and takes
// the time of a thread away with it when it ends. Time of children that ended
// and were waited for is only in ticks; none of the targets has any.
func readCPU(root int) (cpuReading, error) {
	tree, err := processTree(root)
	if err != nil {
		return cpuReading{}, err
	}
	r := cpuReading{used: make(map[int]time.Duration, len(tree))}
	for _, s := range tree {
		used, err := processCPU(s.pid)
		if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ESRCH) {
			continue // ended since the listing; since() notices if it was measured before
		}
		if err != nil {
			return cpuReading{}, fmt.Errorf("CPU clock of process %d: %w", s.pid, err)
		}
		r.used[s.pid] = used
		r.reaped += s.reaped
	}
	return r, nil
}

// processCPU reads the CPU-time clock of a process. The clock's identifier is
// the complement of the process identifier above three bits of kind; kind 2 is
// the scheduler's own count of run time (Linux, posix-timers.h).
func processCPU(pid int) (time.Duration, error) {
	const scheduler = 2
	return clockTime(int32(^pid)<<3 | scheduler)
}

// since returns the CPU time that the tree used after the earlier reading. A
// process that has ended since would take its time along, so that is an error.
func (r cpuReading) since(earlier cpuReading) (time.Duration, error) {
	total := r.reaped - earlier.reaped
	for pid := range earlier.used {
		if _, still := r.used[pid]; !still {
			return 0, fmt.Errorf("process %d ended during the measurement", pid)
		}
	}
	for pid, used := range r.used {
		total += used - earlier.used[pid]
	}
	return total, nil
}

// machineBusy is the CPU time that the whole machine has spent on anything,
// counted in ticks over all cores; stolen time included.
func machineBusy() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	return parseMachineStat(string(text))
}

// parseMachineStat sums the first line of /proc/stat (proc_stat(5)) without idle
// and iowait. Guest time is already part of user time.
func parseMachineStat(text string) (time.Duration, error) {
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return 0, errors.New("/proc/stat does not begin with a cpu line of eight times")
	}
	var busy int64
	for i, field := range fields[1:9] { // user nice system idle iowait irq softirq steal
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/stat: %w", err)
		}
		if i != 3 && i != 4 {
			busy += n
		}
	}
	return ticks(busy), nil
}
