//go:build linux

package main

import (
	"bufio"
	"context"
	"debug/buildinfo"
	"os"
	"runtime"
	"strings"
	"syscall"
)

// machine is what a reader must know to judge or repeat a figure.
type machine struct {
	Cores    int               `json:"cores"`
	CPU      string            `json:"cpu"`
	MemoryMB int64             `json:"memory_mb"`
	Kernel   string            `json:"kernel"`
	System   string            `json:"system"`
	Go       string            `json:"go"`
	Load     string            `json:"load_average_before"`
	Versions map[string]string `json:"versions"`
}

// describeMachine never fails: a fact that cannot be read is "unknown".
func describeMachine(ctx context.Context, simpul string) machine {
	m := machine{
		Cores:    runtime.NumCPU(),
		CPU:      fieldOf("/proc/cpuinfo", "model name", ":"),
		Kernel:   firstLine("/proc/sys/kernel/osrelease"),
		System:   strings.Trim(fieldOf("/etc/os-release", "PRETTY_NAME", "="), `"`),
		Go:       runtime.Version(),
		Load:     firstLine("/proc/loadavg"),
		Versions: map[string]string{"reverseproxy": runtime.Version()},
	}
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) == nil {
		m.MemoryMB = int64(info.Totalram) * int64(info.Unit) / 1e6
	}
	for _, p := range peers() {
		m.Versions[p.name] = p.describe(ctx) + builtWith(p)
	}
	if info, err := buildinfo.ReadFile(simpul); err == nil {
		m.Versions["simpul"] = info.Main.Version + ", " + info.GoVersion
	}
	return m
}

// builtWith names the Go version of a peer that is written in Go: it explains
// part of its figure.
func builtWith(p peer) string {
	path, err := p.find()
	if err != nil {
		return ""
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return ""
	}
	return ", " + info.GoVersion
}

func firstLine(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// fieldOf returns the first value of a name in a file of "name SEP value" lines.
func fieldOf(path, name, separator string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for lines := bufio.NewScanner(strings.NewReader(string(text))); lines.Scan(); {
		key, value, ok := strings.Cut(lines.Text(), separator)
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
