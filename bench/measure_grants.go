//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Figures of a nation with many grants.
const (
	grantsReadyFigure  = "grants_100k_ready"
	grantsMemoryFigure = "grants_100k_rss"
	grantsListFigure   = "grants_list_p95"
	grantChangeFigure  = "grant_change_ms"
)

func grantFigures() []string {
	return []string{grantsReadyFigure, grantsMemoryFigure, grantsListFigure, grantChangeFigure}
}

// Grants of a nation: every agency runs ten applications, and each of them may
// call so many LIDs.
const (
	nationGrants       = 100_000
	nationApplications = 1_000
	grantChanges       = 50 // in a round
)

// measureGrants adds 100,000 grants to the hub with 10,000 LIDs and measures how
// soon it is ready again, what it holds in memory, how long a list of the API
// takes, and how long a change of one grant takes to the gateway.
func (l *lab) measureGrants(ctx context.Context, g *gateway) error {
	if !slices.ContainsFunc(grantFigures(), l.report.wants) {
		return nil
	}
	l.report.progress("grants: writing %d grants", nationGrants)
	if err := g.control.grantNation(ctx); err != nil {
		return err
	}
	key, begun := g.key, []float64{}
	for range l.Rounds {
		again, took, err := l.again(ctx, g)
		if err != nil {
			return err
		}
		g, begun = again, append(begun, took.Seconds())
	}
	g.key = key
	l.report.add(figure{Name: grantsReadyFigure, Unit: "s", Value: median(begun), Rounds: begun})
	m, err := readMemory(g.process.pid)
	if err != nil {
		return err
	}
	l.report.add(figure{Name: grantsMemoryFigure, Unit: "MB", Value: float64(m.now) / 1e6})
	l.report.aside(figure{Name: "highest resident memory while starting", Unit: "MB", Value: float64(m.peak) / 1e6})
	if err := l.listGrants(ctx, g); err != nil {
		return err
	}
	return l.changeGrants(ctx, g)
}

// listGrants reads pages of the list as the nation, as a provider and as a
// consumer.
func (l *lab) listGrants(ctx context.Context, g *gateway) error {
	readers := []control{g.control}
	for _, role := range []string{"provider", "consumer"} {
		token, err := newToken(ctx, l.Simpul, l.dir, role, nationAgency(7))
		if err != nil {
			return err
		}
		readers = append(readers, control{g.control.base, token})
	}
	var all []float64
	for range l.Rounds {
		slowest := 0.0
		for _, reader := range readers {
			p95, err := reader.listP95(ctx)
			if err != nil {
				return err
			}
			slowest = max(slowest, p95)
		}
		all = append(all, slowest)
	}
	l.report.add(figure{Name: grantsListFigure, Unit: "ms", Value: median(all), Rounds: all})
	return nil
}

// listP95 pages through the list from the beginning, again and again.
func (c control) listP95(ctx context.Context) (float64, error) {
	var all []float64
	cursor := ""
	for range perRound {
		begin := time.Now()
		var page struct {
			Next string `json:"next"`
		}
		if err := c.read(ctx, "/grants?limit=100&cursor="+cursor, &page); err != nil {
			return 0, err
		}
		all, cursor = append(all, milliseconds(time.Since(begin))), page.Next
	}
	slices.Sort(all)
	return percentile(all, 95), nil
}

// changeGrants suspends and resumes a grant over the control API, and calls the
// gateway until it does what was written. The LID's provider is not there: a
// call that is allowed fails with 502, one that is not with 403.
func (l *lab) changeGrants(ctx context.Context, g *gateway) error {
	if err := g.control.startCalling(ctx, g); err != nil {
		return err
	}
	var rounds []float64
	for range l.Rounds {
		var all []float64
		for i := range grantChanges {
			took, err := g.change(ctx, i%2 == 0)
			if err != nil {
				return err
			}
			all = append(all, milliseconds(took))
		}
		slices.Sort(all)
		rounds = append(rounds, percentile(all, 95))
	}
	l.report.add(figure{Name: grantChangeFigure, Unit: "ms", Value: median(rounds), Rounds: rounds})
	return nil
}

// change writes one grant and waits until the gateway keeps to it.
func (g *gateway) change(ctx context.Context, suspended bool) (time.Duration, error) {
	r := nationGrant(0)
	r.Spec["suspended"] = suspended
	begin := time.Now()
	if _, err := g.control.send(ctx, http.MethodPut, r.path(), r); err != nil {
		return 0, err
	}
	for time.Since(begin) < 10*time.Second {
		status, err := g.status(ctx, nationAddress(0))
		if err != nil {
			return 0, err
		}
		if (status == http.StatusForbidden) == suspended {
			return time.Since(begin), nil
		}
	}
	return 0, fmt.Errorf("the gateway does not keep to a grant ten seconds after its change")
}

func (g *gateway) status(ctx context.Context, address string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+g.host+"/"+address, nil)
	if err != nil {
		return 0, err
	}
	r.Header = g.header()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

// startCalling gives the gateway a key of the application of the first grant.
func (c control) startCalling(ctx context.Context, g *gateway) (err error) {
	g.key, err = c.newKey(ctx, nationApplication(0))
	return err
}

// grantNation registers the applications and writes the grants.
func (c control) grantNation(ctx context.Context) error {
	err := c.putAll(ctx, nationApplications, func(i int) resource {
		return newResource("Application", nationApplication(i), map[string]any{"name": "Aplikasi " + strconv.Itoa(i)})
	})
	if err != nil {
		return err
	}
	return c.putAll(ctx, nationGrants, nationGrant)
}

func nationApplication(i int) string {
	return "app" + strconv.Itoa(i/nationAgencies) + "@" + nationAgency(i%nationAgencies)
}

func nationAddress(i int) string { return "nasional/L" + strconv.Itoa(i) }

// nationGrant is one of a hundred grants of an application, on LIDs of as many
// agencies.
func nationGrant(i int) resource {
	application, nth := i%nationApplications, i/nationApplications
	return newResource("Grant", "n-"+strconv.Itoa(i), map[string]any{
		"lid": nationAddress((application*nationGrants/nationApplications + nth) % nationLIDs), "application": nationApplication(application),
		"purpose": "Melayani warga Kabupaten " + strconv.Itoa(application) + " dengan data yang sudah ada", "legalBasis": "UU 25/2009 pasal " + strconv.Itoa(nth%60+1),
		"fields": []string{"items.code", "items.name", "items.province"}, "ratePerMinute": 6000,
	})
}
