package main

import "errors"

func (w *writer) serve(string) error { return errors.New("not yet") }
