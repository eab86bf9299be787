package main

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"simpul/internal/platform/resource"
)

type diffCmd struct {
	fileFlags `embed:""`
	hubFlags  `embed:""`
}

// Help gives examples.
func (*diffCmd) Help() string {
	return "simpul diff -f instansi.yaml\n" +
		"simpul diff -f sumber-daya/ && echo sama"
}

// Run ends like diff(1): 0 no difference, 1 a difference, 2 trouble.
func (c *diffCmd) Run(ctx context.Context, con *console) error {
	different, err := c.compare(ctx, con)
	switch {
	case err != nil:
		if f, ok := errors.AsType[*failure](err); ok {
			err = f.err
		}
		return &failure{err, statusUsage}
	case different:
		return &failure{nil, statusFailed}
	}
	return nil
}

// compare prints every difference. A document that the hub refuses does not
// keep the others from being compared.
func (c *diffCmd) compare(ctx context.Context, con *console) (different bool, err error) {
	hub, err := c.open(con)
	if err != nil {
		return false, err
	}
	docs, err := c.load(con)
	if err != nil {
		return false, err
	}
	p := preview{hub: hub, con: con}
	var refused []error
	for _, d := range docs {
		change, err := p.change(ctx, d)
		if _, ok := errors.AsType[*refusal](err); ok {
			refused = append(refused, located(err, d))
			continue
		}
		if err != nil {
			return different, errors.Join(append(refused, err)...)
		}
		if _, err := con.stdout.Write(change); err != nil {
			return different, err
		}
		different = different || len(change) > 0
	}
	return different, errors.Join(refused...)
}

// preview compares one document after the other, in the order of apply.
type preview struct {
	hub     *hub
	con     *console
	missing []resource.Document // of those so far, what the hub does not hold yet
}

// change is the difference between what the hub holds and what it would hold,
// both as the hub writes them, so that a default it adds is no difference.
func (p *preview) change(ctx context.Context, d resource.Document) ([]byte, error) {
	now, err := p.hub.stored(ctx, d)
	if err != nil {
		return nil, err
	}
	planned, err := p.plan(ctx, d)
	if err != nil {
		return nil, err
	}
	if now == nil {
		p.missing = append(p.missing, d)
		p.hub.warn(ctx, p.con, d)
	}
	old, err := yamlOf(now)
	if err != nil {
		return nil, err
	}
	next, err := yamlOf(planned)
	if err != nil {
		return nil, err
	}
	name := string(d.Kind) + " " + d.ID
	out := diff.Diff("hub "+name, old, d.Place("")+" "+name, next)
	_, body, _ := bytes.Cut(out, []byte("\n")) // without the line "diff a b"
	return body, nil
}

// plan is what the hub would hold after apply. Where it cannot tell, since the
// document names one that apply would have stored before, it is what the file
// says.
func (p *preview) plan(ctx context.Context, d resource.Document) ([]byte, error) {
	got, err := p.hub.put(ctx, d, true)
	r, refused := errors.AsType[*refusal](err)
	if !refused {
		if _, waits, _ := got.waits(); waits {
			p.con.say(text("%s %s: perubahan ini memerlukan persetujuan orang kedua.", "%s %s: this change needs a second person's approval.", d.Kind, d.ID))
		}
		return got.body, err
	}
	for _, m := range p.missing {
		if strings.Contains(r.what(), m.ID) {
			p.con.say(text("%s %s baru dapat diperiksa sesudah %s %s diterapkan.", "%s %s can be checked once %s %s is applied.", d.Kind, d.ID, m.Kind, m.ID))
			return d.JSON, nil
		}
	}
	return nil, err
}

// yamlOf writes a resource as YAML; one that does not exist is empty.
func yamlOf(body []byte) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	text, err := resource.YAML(body)
	if err != nil {
		return nil, puzzling(err)
	}
	return text, nil
}
