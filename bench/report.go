//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one measured value, the median of its rounds.
type figure struct {
	Name    string    `json:"name"`
	Value   float64   `json:"value"`
	Unit    string    `json:"unit"`
	Ratios  []ratio   `json:"ratios,omitempty"`
	Rounds  []float64 `json:"rounds,omitempty"`
	Samples []sample  `json:"samples,omitempty"`
}

// ratio is the median over the rounds of this figure divided by the peer's.
type ratio struct {
	Value float64 `json:"value"`
	Peer  string  `json:"peer"`
}

// line is the figure's one line: bench NAME VALUE UNIT [RATIO vs PEER]…
func (f figure) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "bench %s %s %s", f.Name, significant(f.Value), f.Unit)
	for _, r := range f.Ratios {
		fmt.Fprintf(&b, " %.2f vs %s", r.Value, r.Peer)
	}
	return b.String()
}

// absence is a figure that there is not, and why.
type absence struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// report gathers what was measured, prints each figure when it is known, and
// keeps the whole as a JSON record.
type report struct {
	Time     time.Time `json:"time"`
	Machine  machine   `json:"machine"`
	Settings settings  `json:"settings"`
	Figures  []figure  `json:"figures"`
	Asides   []figure  `json:"asides,omitempty"` // for comparison; no figures of ours
	Failed   []absence `json:"failed,omitempty"`
	Skipped  []absence `json:"skipped,omitempty"`
	Warnings []string  `json:"warnings,omitempty"`

	stdout, stderr io.Writer
}

func newReport(ctx context.Context, s settings, stdout, stderr io.Writer) *report {
	now := time.Now().UTC()
	return &report{Time: now, Machine: describeMachine(ctx, s.Simpul), Settings: s, stdout: stdout, stderr: stderr}
}

// quietLimit is the share of the machine, in percent, that others may use before
// a figure carries a warning.
const quietLimit = 10

// wants reports whether the reader asked for the name.
func (r *report) wants(name string) bool { return r.Settings.wants(name) }

func (r *report) add(f figure) {
	if !r.wants(f.Name) {
		return
	}
	r.Figures = append(r.Figures, f)
	fmt.Fprintln(r.stdout, f.line())
	if others := f.otherUsers(); others > quietLimit {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s: other processes used %.0f %% of the machine meanwhile; repeat when it is quiet", f.Name, others))
	}
}

func (r *report) aside(f figure) { r.Asides = append(r.Asides, f) }

// fail notes that the figure could not be had because something went wrong.
func (r *report) fail(name string, err error) {
	if r.wants(name) {
		r.Failed = append(r.Failed, absence{name, err.Error()})
		fmt.Fprintf(r.stderr, "failed %s: %v\n", name, err)
	}
}

// lose notes a figure whose target dropped out: skipped when the target is not
// on this machine, failed otherwise.
func (r *report) lose(name string, err error) {
	if !isMissing(err) {
		r.fail(name, err)
		return
	}
	if r.wants(name) {
		r.Skipped = append(r.Skipped, absence{name, err.Error()})
		fmt.Fprintf(r.stderr, "skipped %s: %v\n", name, err)
	}
}

func (r *report) progress(format string, args ...any) { fmt.Fprintf(r.stderr, format+"\n", args...) }

// finish prints the table, writes the record and returns the exit code: failed
// when a figure failed, or when the one that was asked for is not there.
func (r *report) finish() int {
	r.table()
	path, err := r.write()
	if err != nil {
		fmt.Fprintln(r.stderr, "bench:", err)
		return exitFailed
	}
	fmt.Fprintln(r.stdout, "record:", path)
	if len(r.Failed) > 0 || len(r.Figures) == 0 {
		return exitFailed
	}
	return exitOK
}

func (r *report) write() (string, error) {
	if err := os.MkdirAll(r.Settings.Out, 0o755); err != nil {
		return "", err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", err
	}
	path := filepath.Join(r.Settings.Out, r.Time.Format("20060102T150405Z")+".json")
	return path, os.WriteFile(path, append(text, '\n'), 0o644)
}

// table prints everything for people, with what the lines leave out.
func (r *report) table() {
	w := tabwriter.NewWriter(r.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\n%d cores, %s, Linux %s, %s\n\n", r.Machine.Cores, r.Machine.CPU, r.Machine.Kernel, r.Machine.Go)
	fmt.Fprintln(w, "FIGURE\tMEDIAN\tUNIT\tROUNDS\tREQ/S\tP99 ms\tOTHERS\tRATIO")
	for _, f := range append(append([]figure{}, r.Figures...), r.Asides...) {
		fmt.Fprintln(w, strings.Join(f.cells(), "\t"))
	}
	for _, a := range r.Failed {
		fmt.Fprintf(w, "%s\tfailed\n", a.Name)
	}
	for _, a := range r.Skipped {
		fmt.Fprintf(w, "%s\tskipped\n", a.Name)
	}
	fmt.Fprintln(w, "\nOTHERS: share of the machine's CPU that went to processes outside the benchmark.")
	w.Flush()
	for _, warning := range r.Warnings {
		fmt.Fprintln(r.stdout, "warning:", warning)
	}
	fmt.Fprintln(r.stdout)
}

func (f figure) cells() []string {
	cells := []string{f.Name, significant(f.Value), f.Unit, "", "", "", "", ""}
	if len(f.Rounds) > 1 {
		cells[3] = significant(slices.Min(f.Rounds)) + " … " + significant(slices.Max(f.Rounds))
	}
	if len(f.Samples) > 0 {
		cells[4] = fmt.Sprintf("%.0f", medianOf(f.Samples, func(s sample) float64 { return s.PerSecond }))
		cells[5] = significant(medianOf(f.Samples, func(s sample) float64 { return s.P99 }))
		cells[6] = fmt.Sprintf("%.0f %%", f.otherUsers())
	}
	var ratios []string
	for _, r := range f.Ratios {
		ratios = append(ratios, fmt.Sprintf("%.2f %s", r.Value, r.Peer))
	}
	cells[7] = strings.Join(ratios, ", ")
	return cells
}

// otherUsers is the median share of the machine that others used, in percent.
func (f figure) otherUsers() float64 {
	if len(f.Samples) == 0 {
		return 0
	}
	return medianOf(f.Samples, func(s sample) float64 { return s.OtherUsers })
}

func medianOf(samples []sample, value func(sample) float64) float64 {
	var values []float64
	for _, s := range samples {
		values = append(values, value(s))
	}
	return median(values)
}
