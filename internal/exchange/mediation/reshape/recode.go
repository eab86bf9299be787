package reshape

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// recode replaces a value by what stands for it. Null is no value, and stays.
type recode struct {
	pairs     map[string][]byte // to the new value in JSON
	list      string
	codes     Codes
	otherwise string // "keep", "null" or "refuse"
}

func newRecode(r *simpul.Recode, codes Codes) *recode {
	c := &recode{list: r.List, codes: codes, otherwise: r.Else}
	if c.otherwise == "" {
		c.otherwise = "keep"
	}
	if r.List == "" {
		c.pairs = make(map[string][]byte, len(r.Pairs))
		for from, to := range r.Pairs {
			c.pairs[from] = quote(to)
		}
	}
	return c
}

var null = []byte("null")

// convert compares a number by its digits as written: 1 and 1.0 are two values.
func (c *recode) convert(dst, value []byte) ([]byte, error) {
	if value[0] == 'n' {
		return append(dst, value...), nil
	}
	key := meaning(value)
	if c.pairs != nil {
		if to, listed := c.pairs[string(key)]; listed {
			return append(dst, to...), nil
		}
		return c.unlisted(dst, value)
	}
	current, listed, err := c.codes.Current(c.list, key)
	switch {
	case err != nil:
		return dst, err
	case !listed:
		return c.unlisted(dst, value)
	}
	return jsontext.AppendQuote(dst, current)
}

// meaning is what a string says, or any other value as it is written.
func meaning(value []byte) []byte {
	switch {
	case value[0] != '"':
		return value
	case bytes.IndexByte(value, '\\') < 0:
		return value[1 : len(value)-1]
	}
	plain, _ := jsontext.AppendUnquote(nil, value) // the decoder has checked it
	return plain
}

func (c *recode) unlisted(dst, value []byte) ([]byte, error) {
	switch c.otherwise {
	case "refuse":
		return dst, notListed
	case "null":
		return append(dst, null...), nil
	}
	return append(dst, value...), nil
}

func (c *recode) compound() ([]byte, error) {
	switch c.otherwise {
	case "refuse":
		return nil, notListed
	case "null":
		return null, nil
	}
	return nil, nil
}
