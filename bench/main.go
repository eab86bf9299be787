//go:build linux

// Command bench measures Simpul's gateway beside the reverse proxies that people
// would otherwise run: nginx, haproxy, caddy and Go's own httputil.ReverseProxy.
// All of them stand before the same origin in one run, take turns under the same
// load, and are charged for the CPU time of their whole process tree. README.md
// says what each figure means and what it does not say.
//
// It is Linux only: it reads /proc and drives its load with epoll.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Exit codes of the command.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	// Children are told to end when the thread that started them ends, so that
	// not even kill -9 leaves a proxy behind. This thread ends with the process.
	runtime.LockOSThread()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if len(os.Args) > 1 {
		if child, ok := children()[os.Args[1]]; ok {
			os.Exit(runChild(ctx, child))
		}
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// child is a role that this same program plays in a process of its own, so that
// its CPU time is not charged to what is measured.
type child func(ctx context.Context, in io.Reader, out io.Writer) error

func children() map[string]child {
	return map[string]child{"origin": serveOrigin, "load": serveLoad, "reverseproxy": serveReverseProxy,
		"journal": serveWriters(openJournal), "inserts": serveWriters(openInserts), "evidence": serveEvidence}
}

func runChild(ctx context.Context, c child) int {
	if err := c(ctx, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailed
	}
	return exitOK
}

// settings are what a person can choose; the defaults are what `make bench` uses.
type settings struct {
	Name        string        `json:"name,omitempty"`
	Rounds      int           `json:"rounds"`
	Connections int           `json:"connections"`
	WarmUp      time.Duration `json:"warm_up_ns"`
	Slot        time.Duration `json:"slot_ns"`
	MaxRequests int           `json:"max_requests_per_slot"`
	Rate        float64       `json:"open_loop_rate"`
	Simpul      string        `json:"-"`
	Out         string        `json:"-"`
}

func parseSettings(args []string, stderr io.Writer) (settings, error) {
	s := settings{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&s.Name, "name", "", "print the figures of this name only; * stands for any letters")
	f.IntVar(&s.Rounds, "rounds", 5, "how often every target has its turn")
	f.IntVar(&s.Connections, "connections", 64, "keep-alive connections of the load")
	f.DurationVar(&s.WarmUp, "warmup", 500*time.Millisecond, "unmeasured load before every turn")
	f.DurationVar(&s.Slot, "slot", 2*time.Second, "measured load of every turn")
	f.IntVar(&s.MaxRequests, "max", 500_000, "most requests in one turn")
	f.Float64Var(&s.Rate, "rate", 1000, "requests a second of the open-loop load")
	f.StringVar(&s.Simpul, "simpul", "bin/simpul", "the gateway's program")
	f.StringVar(&s.Out, "out", "bench/results", "directory for the JSON record")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	return s, s.validate(f.Args())
}

// wants reports whether the reader asked for the figure.
func (s settings) wants(figure string) bool {
	match, err := path.Match(s.Name, figure)
	return s.Name == "" || err == nil && match
}

func (s settings) validate(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.Name != "" && !slices.ContainsFunc(figureNames(), s.wants):
		return fmt.Errorf("no figure is called %q; choose one of: %s", s.Name, strings.Join(figureNames(), ", "))
	case s.Rounds < 1 || s.Connections < 1 || s.MaxRequests < 1:
		return errors.New("-rounds, -connections and -max must be at least 1")
	case s.Connections > 1024 || s.Rounds > 1000:
		return errors.New("at most 1024 connections and 1000 rounds")
	case s.WarmUp <= 0 || s.Slot <= 0 || s.Rate <= 0:
		return errors.New("-warmup, -slot and -rate must be more than zero")
	case s.WarmUp > time.Minute || s.Slot > time.Minute:
		return errors.New("-warmup and -slot are at most one minute")
	}
	return nil
}

// experiment measures figures that share a set-up.
type experiment struct {
	names []string
	run   func(context.Context, *lab) error
}

func experiments() []experiment {
	return []experiment{
		{[]string{"proxy_plain_nginx", "proxy_plain_haproxy", "proxy_plain_caddy", "proxy_plain_reverseproxy", "gateway_governed_key", "gateway_governed_bearer", "gateway_response_validation", "gateway_field_selection"}, measureCPU},
		{[]string{"gateway_p99_added"}, measureLatency},
		{[]string{"body_1gb_rss_rise"}, measureBody},
		{[]string{journalFigure}, measureJournal},
		{[]string{bufferedFigure, durableFigure, saturatedFigure}, measureEvidence},
		{[]string{logFigure}, measureLog},
		{[]string{searchFigure}, measureSearch},
		{slices.Concat([]string{catalogFigure}, nationFigures(), grantFigures()), measureCatalog},
		{[]string{verifyFigure}, measureVerify},
	}
}

func figureNames() []string {
	var names []string
	for _, e := range experiments() {
		names = append(names, e.names...)
	}
	return names
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s, err := parseSettings(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitUsage
	}
	report := newReport(ctx, s, stdout, stderr)
	if err := measure(ctx, s, report); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitFailed
	}
	return report.finish()
}

// measure runs the experiments that the settings ask for. An experiment that
// cannot be set up fails its figures and leaves the others alone.
func measure(ctx context.Context, s settings, r *report) error {
	for _, e := range experiments() {
		if !slices.ContainsFunc(e.names, s.wants) {
			continue
		}
		err := withLab(ctx, s, r, e.run)
		if ctx.Err() != nil {
			return errors.New("interrupted; nothing was recorded")
		}
		if err != nil {
			for _, name := range e.names {
				r.fail(name, err)
			}
		}
	}
	return nil
}
