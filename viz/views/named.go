package views

// Named finds a view by its name; None: there is none of this name.
func Named(name string) Kind {
	for _, k := range Kinds {
		if k.String() == name {
			return k
		}
	}
	return None
}
