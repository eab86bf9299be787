//go:build linux

package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

const nginxStat = `812 (nginx) S 800 800 800 0 -1 4194624 2318 91 0 0 1875 4021 12 30 20 0 1 0 96706 57344000 1490 18446744073709551615 1 1 0 0 0 0 0 1073746048 402745863 1 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0`

func TestParseStat(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       stat
	}{
		{"plain", nginxStat, stat{pid: 812, parent: 800, reaped: 420 * time.Millisecond}},
		{"name with spaces and parentheses", strings.Replace(nginxStat, "(nginx)", "(a) S 1 (b c)", 1), stat{pid: 812, parent: 800, reaped: 420 * time.Millisecond}},
	} {
		got, err := parseStat(c.text)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, err, c.want)
		}
	}
}

func TestParseStatRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":        "",
		"no name":        "812 nginx S 800",
		"name reversed":  "812 )nginx( S 800",
		"cut short":      "812 (nginx) S 800 800",
		"pid no number":  strings.Replace(nginxStat, "812 (", "x (", 1),
		"time no number": strings.Replace(nginxStat, " 12 30 ", " 12 x ", 1),
	} {
		if got, err := parseStat(text); err == nil {
			t.Errorf("%s: accepted as %+v", name, got)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add(nginxStat)
	f.Add("1 ((sd-pam)) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0")
	f.Fuzz(func(t *testing.T, text string) { parseStat(text) })
}

func TestParseMachineStat(t *testing.T) {
	text := "cpu  100 20 30 9000 800 4 5 6 70 0\ncpu0 50 10 15 4500 400 2 2 3 35 0\n"
	got, err := parseMachineStat(text)
	if want := 1650 * time.Millisecond; err != nil || got != want {
		t.Errorf("busy = %v, %v; want %v: user, nice, system, irq, softirq and steal", got, err, want)
	}
	for _, bad := range []string{"", "cpu 1 2 3", "intr 1 2 3 4 5 6 7 8", "cpu 1 2 x 4 5 6 7 8"} {
		if _, err := parseMachineStat(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestCPUSince(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		name          string
		before, after cpuReading
		want          time.Duration
		fails         bool
	}{
		{"two processes", cpuReading{used: map[int]time.Duration{1: 5 * ms, 2: 7 * ms}}, cpuReading{used: map[int]time.Duration{1: 6 * ms, 2: 17 * ms}}, 11 * ms, false},
		{"a worker came", cpuReading{used: map[int]time.Duration{1: 5 * ms}}, cpuReading{used: map[int]time.Duration{1: 5 * ms, 3: 2 * ms}}, 2 * ms, false},
		{"a child came, ended and was waited for", cpuReading{used: map[int]time.Duration{1: 5 * ms}, reaped: 10 * ms}, cpuReading{used: map[int]time.Duration{1: 5 * ms}, reaped: 30 * ms}, 20 * ms, false},
		{"a worker ended", cpuReading{used: map[int]time.Duration{1: 5 * ms, 2: 7 * ms}}, cpuReading{used: map[int]time.Duration{1: 6 * ms}}, 0, true},
	} {
		got, err := c.after.since(c.before)
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s: %v, %v; want %v, failure %v", c.name, got, err, c.want, c.fails)
		}
	}
}

// The CPU clock that we read by process number must be the one that the kernel
// charges to the process.
func TestProcessCPUAgreesWithRusage(t *testing.T) {
	const rounding = 10 * time.Microsecond
	before := rusage(t)
	got, err := processCPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if after := rusage(t); got < before-rounding || got > after+rounding {
		t.Errorf("CPU clock says %v, rusage %v before and %v after", got, before, after)
	}
}

func rusage(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestProcessTreeHoldsGrandchildren(t *testing.T) {
	cmd := exec.Command("sh", "-c", `sleep 60 & echo $!; wait`)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 16)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		exec.Command("kill", strings.TrimSpace(string(line[:n]))).Run()
		cmd.Wait()
	})
	tree, err := processTree(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	parents := map[int]int{}
	for _, s := range tree {
		parents[s.pid] = s.parent
	}
	var grandchildren int
	for _, parent := range parents {
		if parent == cmd.Process.Pid {
			grandchildren++
		}
	}
	if tree[0].pid != os.Getpid() || parents[cmd.Process.Pid] != os.Getpid() || grandchildren != 1 {
		t.Errorf("tree %+v lacks the child %d or its child", tree, cmd.Process.Pid)
	}
}

func TestProcessTreeOfNobody(t *testing.T) {
	if tree, err := processTree(-1); err == nil {
		t.Errorf("process -1 has a tree: %v", tree)
	}
}
