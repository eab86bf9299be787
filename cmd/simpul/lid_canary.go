package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

type lidCanaryCmd struct {
	lidArg  `embed:""`
	Promote bool `xor:"how" help:"Jadikan canary layanan bagi semua panggilan." en:"Make the canary the service for every call."`
	End     bool `xor:"how" help:"Akhiri canary; semua panggilan ke layanan yang lama." en:"End the canary; every call goes to the former service."`
	Restart bool `xor:"how" help:"Mulai lagi canary yang dihentikan hub karena gagal." en:"Begin a canary anew that the hub stopped because it failed."`
}

// Help gives examples.
func (*lidCanaryCmd) Help() string {
	return "simpul lid canary master/Kota\nsimpul lid canary master/Kota --promote\nsimpul lid canary master/Kota --end"
}

// Run tells how the canary and the origins do, or ends the canary.
func (c *lidCanaryCmd) Run(ctx context.Context, con *console) error {
	switch {
	case c.Promote:
		return c.finish(ctx, con, "promote", "Canary of %s promoted: every call goes to %s")
	case c.End:
		return c.finish(ctx, con, "end", "Canary of %s ended: every call goes to %s and what stands beside it")
	case c.Restart:
		if _, err := c.ask(ctx, con, http.MethodPost, nil, "canary", "restart"); err != nil {
			return err
		}
		_, err := fmt.Fprintf(con.stdout, "Canary of %s begins anew\n", printable(c.LID))
		return err
	}
	got, err := c.ask(ctx, con, http.MethodGet, nil, "origins")
	if err != nil {
		return err
	}
	return c.tell(con, got)
}

func (c *lidCanaryCmd) finish(ctx context.Context, con *console, how, line string) error {
	got, err := c.ask(ctx, con, http.MethodPost, nil, "canary", how)
	if err != nil {
		return err
	}
	var ended struct{ Upstream, Proposal string }
	if err := json.Unmarshal(got.body, &ended); err != nil {
		return puzzling(err)
	}
	text := fmt.Sprintf(line, c.LID, ended.Upstream)
	if ended.Proposal != "" {
		text = fmt.Sprintf("The change of %s waits for a second person, proposal %s", c.LID, ended.Proposal)
	}
	_, err = fmt.Fprintln(con.stdout, printable(text))
	return err
}

// canaryAnswer is what the hub says of a LID's origins.
type canaryAnswer struct {
	Live    bool
	Origins []struct {
		URL           string
		Canary        bool
		Healthy       bool
		Unproven      bool
		Breaker       string
		LatencyMillis float64
		Calls, Failed int
	}
	Canary *struct {
		Calls, Failed int
		State         string
		FellAt        time.Time
	}
}

// tell writes a line for each origin, and one for the canary.
func (c *lidCanaryCmd) tell(con *console, got answer) error {
	var a canaryAnswer
	if err := json.Unmarshal(got.body, &a); err != nil {
		return puzzling(err)
	}
	if !a.Live {
		_, err := fmt.Fprintf(con.stdout, "%s is not published: its origins get no calls\n", printable(c.LID))
		return err
	}
	for _, o := range a.Origins {
		line := fmt.Sprintf("%s: breaker %s, %d of %d calls failed", o.URL, o.Breaker, o.Failed, o.Calls)
		if !o.Healthy {
			line += ", says that it is not well"
		}
		if o.Unproven {
			line += ", passed by: the credential was not made for it"
		}
		if o.LatencyMillis > 0 {
			line += fmt.Sprintf(", %.1f ms", o.LatencyMillis)
		}
		if o.Canary {
			line += " (canary)"
		}
		if _, err := fmt.Fprintln(con.stdout, printable(line)); err != nil {
			return err
		}
	}
	line := "No canary"
	if k := a.Canary; k != nil {
		line = fmt.Sprintf("Canary %s: %d of %d calls failed", k.State, k.Failed, k.Calls)
		if !k.FellAt.IsZero() {
			line += ", stopped at " + k.FellAt.Format(time.RFC3339)
		}
	}
	_, err := fmt.Fprintln(con.stdout, line)
	return err
}
