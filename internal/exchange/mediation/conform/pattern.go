package conform

import (
	"errors"
	"regexp"
	"regexp/syntax"
)

var errPatterns = errors.New("the patterns of the contract are too costly")

// Limits on the patterns of a contract.
const (
	mostInstructions = 400_000 // of all together, once compiled; one takes 40 bytes
	mostOfOne        = 5_000
)

// patterns compiles each pattern of a contract once.
type patterns struct {
	known map[string]*pattern
	used  int // instructions
}

// of compiles a pattern. RE2 cannot be made to backtrack; a pattern of ECMA-262
// that it does not know, such as one that looks ahead, admits everything: better
// unchecked than wrongly refused.
func (p *patterns) of(text string) (*pattern, error) {
	if known, ok := p.known[text]; ok {
		return known, nil
	}
	made := &pattern{}
	p.known[text] = made
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return made, nil
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return made, nil
	}
	made.weight = len(program.Inst)
	if p.used += made.weight; made.weight > mostOfOne || p.used > mostInstructions {
		return nil, errPatterns
	}
	made.re, err = regexp.Compile(text)
	return made, err
}

// matches counts what it costs. A check that is over says no.
func (c *checker) matches(p *pattern, value []byte) bool {
	if p.re == nil {
		return true
	}
	c.spend(1 + p.weight*len(value)/100)
	return !c.spent() && p.re.Match(value)
}
