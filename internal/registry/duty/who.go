package duty

import (
	"simpul"
)

// Rules says who may be the second person.
type Rules struct {
	// Tokens lets a program, that is a token without an account, decide. Two
	// tokens of one person cannot be told apart, so this is for a hub that has no
	// accounts of people, such as one for trials.
	Tokens bool
}

// other refuses whoever may not be the second person for the proposer: the same
// account, the same token, or a program where programs may not decide.
func (r Rules) other(proposer Party, p simpul.Principal) error {
	decider := partyOf(p)
	switch {
	case decider.ID == proposer.ID, decider.Account != "" && decider.Account == proposer.Account:
		return own()
	case decider.Account == "" && !r.Tokens:
		return noPerson()
	}
	return nil
}

func own() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Anda sendiri yang mengajukan usulan ini.", EN: "You made this proposal yourself."},
		Remedy:  simpul.Text{ID: "Minta rekan lain yang berwenang memutuskannya, atau tarik usulan ini.", EN: "Ask a colleague who is entitled to decide on it, or withdraw it."},
	}
}

func noPerson() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Token program tidak dapat menjadi orang kedua: hub tidak tahu siapa yang memegangnya.", EN: "A program's token cannot be the second person: the hub does not know who holds it."},
		Remedy:  simpul.Text{ID: "Masuk dengan akun Anda sendiri, lalu putuskan usulan ini.", EN: "Sign in with your own account, and decide then."},
	}
}
