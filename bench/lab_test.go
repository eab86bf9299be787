//go:build linux

package main

import (
	"strings"
	"testing"
	"time"
)

func instants() (before, after instant) {
	start := time.Unix(1_000_000, 0)
	before = instant{at: start, target: cpuReading{used: map[int]time.Duration{7: time.Second}}, calls: 500}
	after = instant{at: start.Add(2 * time.Second), target: cpuReading{used: map[int]time.Duration{7: time.Second + 40*time.Millisecond}}, calls: 1500}
	return before, after
}

func TestSample(t *testing.T) {
	before, after := instants()
	s, err := after.since(before, phaseResult{Sent: 1000, OK: 1000, Elapsed: 500 * time.Millisecond, P99: 1500 * time.Microsecond})
	if err != nil || s.CPU != 40 || s.PerSecond != 2000 || s.P99 != 1.5 || s.Requests != 1000 {
		t.Errorf("%+v, %v; want 40 µs, 2000/s, 1.5 ms", s, err)
	}
}

func TestSampleNeedsTheOriginToHaveSeenEveryRequest(t *testing.T) {
	for _, seen := range []int{999, 1001} {
		before, after := instants()
		after.calls = before.calls + seen
		_, err := after.since(before, phaseResult{Sent: 1000, OK: 1000, Elapsed: time.Second})
		if err == nil || !strings.Contains(err.Error(), "of 1000 sent") {
			t.Errorf("%d seen: %v", seen, err)
		}
	}
}

func TestOtherUsersNeverBelowZero(t *testing.T) {
	before, after := instants()
	after.ours = cpuReading{used: map[int]time.Duration{1: time.Second}}
	if got := after.otherUsers(before); got != 0 {
		t.Errorf("others used %v %% of a machine that only we kept busy", got)
	}
	after.busy = time.Second + 2*time.Second
	if got := after.otherUsers(before); got <= 0 {
		t.Errorf("others used %v %%, want more than nothing", got)
	}
}

func TestCPUFigureHasARatioToEveryOtherPeer(t *testing.T) {
	targets := []*target{plain("nginx", nil, ""), plain("caddy", nil, ""), (&gateway{}).governed(), (&gateway{}).selecting()}
	series := map[string][]sample{
		"proxy_plain_nginx":       {{CPU: 10}, {CPU: 12}, {CPU: 11}},
		"proxy_plain_caddy":       {{CPU: 40}, {CPU: 48}, {CPU: 44}},
		"gateway_governed_key":    {{CPU: 20}, {CPU: 24}, {CPU: 22}},
		"gateway_field_selection": {{CPU: 30}, {CPU: 36}, {CPU: 33}},
	}
	for i, want := range []string{
		"bench proxy_plain_nginx 11.0 µs 0.25 vs caddy",
		"bench proxy_plain_caddy 44.0 µs 4.00 vs nginx",
		"bench gateway_governed_key 22.0 µs 2.00 vs nginx 0.50 vs caddy",
		"bench gateway_field_selection 33.0 µs 3.00 vs nginx 0.75 vs caddy 1.50 vs gateway_governed_key",
	} {
		if got := cpuFigure(targets[i], targets, series).line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
