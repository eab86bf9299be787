//go:build linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// memory is the resident memory of a process tree, in bytes. Pages that
// processes share count once for each of them.
type memory struct{ now, peak int64 }

// readMemory sums VmRSS and VmHWM of the tree. The sum of peaks is an upper
// bound, since the processes need not have peaked together.
func readMemory(root int) (memory, error) {
	tree, err := processTree(root)
	if err != nil {
		return memory{}, err
	}
	var sum memory
	for _, s := range tree {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
		if err != nil {
			return memory{}, err
		}
		m, err := parseMemory(string(text))
		if err != nil {
			return memory{}, fmt.Errorf("process %d: %w", s.pid, err)
		}
		sum.now += m.now
		sum.peak += m.peak
	}
	return sum, nil
}

// parseMemory reads VmRSS and VmHWM, both in KiB, from /proc/PID/status.
func parseMemory(text string) (memory, error) {
	found := map[string]int64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if name != "VmRSS" && name != "VmHWM" {
			continue
		}
		digits, ok := strings.CutSuffix(strings.TrimSpace(value), " kB")
		if !ok {
			return memory{}, fmt.Errorf("status: %s is not in kB", name)
		}
		kib, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return memory{}, fmt.Errorf("status: %s: %w", name, err)
		}
		found[name] = kib << 10
	}
	if len(found) != 2 {
		return memory{}, fmt.Errorf("status has no VmRSS or no VmHWM")
	}
	return memory{now: found["VmRSS"], peak: found["VmHWM"]}, nil
}

// resetPeak makes the kernel count the peak of every process of the tree anew
// (proc_pid_clear_refs(5), value 5).
func resetPeak(root int) error {
	tree, err := processTree(root)
	if err != nil {
		return err
	}
	for _, s := range tree {
		if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.pid), []byte("5"), 0); err != nil {
			return err
		}
	}
	return nil
}
