package conform

import "iter"

const mostHops = 16 // references that refer to references

// resolve follows references; nowhere where they lead nowhere.
func (s *smith) resolve(at int32) int32 {
	for range mostHops {
		ref, refers := s.str(s.get(at, "$ref"))
		if !refers {
			return at
		}
		at = s.find(ref)
	}
	return nowhere
}

// members visits what an object or an array holds, and nothing of anything else.
func (s *smith) members(at int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if at == nowhere || s.nodes[at].kind != object && s.nodes[at].kind != array {
			return
		}
		for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
			if !yield(i) {
				return
			}
		}
	}
}

// text is a member that is a string; "" for none.
func (s *smith) text(at int32, name string) string {
	value, _ := s.str(s.get(at, name))
	return value
}
