package compare

import (
	"slices"
	"strings"

	"simpul/internal/registry/catalog/contract"
)

// side is the direction in which a value goes.
type side int

const (
	sent     side = iota // by the consumer, in a body
	written              // by the consumer, as text in a parameter
	answered             // to the consumer
)

// whole names the value of a body.
func (s side) whole() words {
	if s == sent {
		return words{"Isi permintaan", "The request body"}
	}
	return words{"Isi jawaban", "The answer"}
}

func (s side) field(path string) words {
	path = clip(path)
	if s == sent {
		return words{"Kolom permintaan " + path, "Request field " + path}
	}
	return words{"Kolom jawaban " + path, "Answer field " + path}
}

func (c *comparer) request(before, after *contract.Request) {
	const at = "body"
	body := sent.whole()
	switch {
	case before == nil && after == nil:
		return
	case after == nil:
		c.add(at, change{kind: Removed, effect: Breaking, sentence: body.says("tidak diterima lagi.", "is no longer taken."), why: refused})
		return
	case before == nil && after.Required:
		c.add(at, change{kind: Added, effect: Breaking, sentence: body.says("ditambahkan dan wajib dikirim.", "was added and is required."), why: refused})
		return
	case before == nil:
		c.add(at, change{kind: Added, effect: Harmless, sentence: body.says("ditambahkan dan boleh dikosongkan.", "was added and is optional."), why: ignored})
		return
	}
	c.all(at, required(sent, body, before.Required, after.Required))
	c.bodies(at, sent, before.Bodies, after.Bodies)
}

func (c *comparer) answers(before, after []contract.Answer) {
	for _, a := range before {
		b, ok := counterpart(a.Status, after)
		if !ok {
			c.add(a.Status, change{kind: Removed, effect: Breaking, sentence: status(a).says("tidak dijanjikan lagi.", "is no longer promised."), why: unread, before: a.Status})
			continue
		}
		c.bodies(a.Status, answered, a.Bodies, b.Bodies)
	}
	for _, b := range after {
		if _, ok := counterpart(b.Status, before); !ok {
			c.add(b.Status, change{kind: Added, effect: Harmless, sentence: status(b).says("ditambahkan.", "was added."), why: ignored, after: b.Status})
		}
	}
}

func status(a contract.Answer) words { return words{"Jawaban " + a.Status, "Answer " + a.Status} }

// counterpart finds the answer that takes the place of one: that of the same
// status, or that which stands for all, on either side.
func counterpart(status string, among []contract.Answer) (contract.Answer, bool) {
	for _, want := range []string{status, "2XX", "default"} {
		if i := slices.IndexFunc(among, func(a contract.Answer) bool { return a.Status == want }); i >= 0 {
			return among[i], true
		}
	}
	if (status == "2XX" || status == "default") && len(among) > 0 {
		return among[0], true
	}
	return contract.Answer{}, false
}

func (c *comparer) bodies(at string, s side, before, after []contract.Body) {
	for _, b := range before {
		if !offered(b.Media, after) {
			c.add(at, change{kind: Removed, effect: Breaking, sentence: media(s, b).says("tidak dilayani lagi.", "is no longer served."), why: losing(s), before: b.Media})
		}
	}
	for _, b := range after {
		if !offered(b.Media, before) {
			c.add(at, change{kind: Added, effect: Harmless, sentence: media(s, b).says("ditambahkan.", "was added."), why: ignored, after: b.Media})
		}
	}
	a, old := jsonOf(before)
	b, next := jsonOf(after)
	if !old || !next {
		return
	}
	c.all(at, values(s, s.whole(), a.Whole, b.Whole))
	c.all(at, c.fields(s, a.Fields, b.Fields))
}

func media(s side, b contract.Body) words {
	w := s.whole()
	return words{w.ID + " berjenis " + b.Media, w.EN + " as " + b.Media}
}

// offered reports whether a media type is among those of the bodies, or in a
// range that is.
func offered(media string, among []contract.Body) bool {
	kind, _, _ := strings.Cut(media, "/")
	return slices.ContainsFunc(among, func(b contract.Body) bool {
		return b.Media == media || b.Media == "*/*" || b.Media == kind+"/*"
	})
}

func jsonOf(all []contract.Body) (contract.Body, bool) {
	i := slices.IndexFunc(all, func(b contract.Body) bool { return b.JSON })
	if i < 0 {
		return contract.Body{}, false
	}
	return all[i], true
}
