//! Functions that take a function: `map`, `filter` and their like.

use std::rc::Rc;

use crate::rules::arm::evaluate::Evaluator;
use crate::rules::arm::expression::Expr;
use crate::rules::arm::scope::{Env, Locals};
use crate::rules::arm::value::{Data, Members};

/// A function without a name.
struct Lambda<'e> {
    names: Vec<String>,
    body: &'e Expr,
}

impl<'e> Lambda<'e> {
    fn of(expr: &'e Expr) -> Option<Self> {
        match expr {
            Expr::Call { name, args } if name.eq_ignore_ascii_case("lambda") => Self::new(args),
            _ => None,
        }
    }

    fn new(args: &'e [Expr]) -> Option<Self> {
        let (body, names) = args.split_last()?;
        let names = names.iter().map(|name| match name {
            Expr::Text(name) => Some(name.as_ref().to_owned()),
            _ => None,
        });
        let names = names.collect::<Option<Vec<_>>>()?;
        Some(Self { names, body })
    }
}

impl Evaluator<'_> {
    /// Calls such a function; none where it is no such one.
    pub(super) fn with_lambda(&mut self, name: &str, args: &[Expr], env: Env<'_>) -> Option<Data> {
        let known = [
            "map",
            "filter",
            "reduce",
            "sort",
            "toObject",
            "groupBy",
            "mapValues",
        ];
        let mut known = known.into_iter();
        let name = known.find(|known| known.eq_ignore_ascii_case(name))?;
        let (first, rest) = args.split_first()?;
        let first = self.eval(first, env);
        let done = match (name, rest) {
            ("map", [one]) => self.map(&first, one, env),
            ("filter", [one]) => self.filter(&first, one, env),
            ("reduce", [start, one]) => self.reduce(&first, start, one, env),
            ("sort", [one]) => self.sort(&first, one, env),
            ("toObject", [one]) => self.keyed(&first, one, None, env),
            ("toObject", [one, two]) => self.keyed(&first, one, Some(two), env),
            ("mapValues", [one]) => self.map_values(&first, one, env),
            _ => None,
        };
        Some(done.unwrap_or_else(|| {
            let mut args = vec![first];
            args.extend(rest.iter().map(|arg| self.eval(arg, env)));
            self.spend(args.iter().map(Data::size).sum::<usize>() / 32);
            Data::call(name, &args)
        }))
    }

    /// A lambda by itself: its body with its own names open.
    pub(super) fn open_lambda(&mut self, args: &[Expr], env: Env<'_>) -> Data {
        let Some(lambda) = Lambda::new(args) else {
            return Data::call("lambda", &[]);
        };
        let names = lambda.names.iter();
        let mut all: Vec<Data> = names
            .clone()
            .map(|name| Data::text(name.as_str()))
            .collect();
        let open = names.map(|name| Data::call("lambdaVariables", &[Data::text(name.as_str())]));
        let open = open.collect();
        all.push(self.apply(&lambda, open, env));
        Data::call("lambda", &all)
    }

    fn apply(&mut self, lambda: &Lambda<'_>, values: Vec<Data>, env: Env<'_>) -> Data {
        let names = lambda.names.iter().cloned().zip(values).collect();
        let locals = Locals {
            names,
            next: env.locals,
        };
        let inside = Env {
            locals: Some(&locals),
            ..env
        };
        self.eval(lambda.body, inside)
    }

    /// The lambda's answer for each element and its index.
    fn each(&mut self, list: &Data, lambda: &Lambda<'_>, env: Env<'_>) -> Option<Vec<Data>> {
        let mut all = Vec::new();
        for (index, item) in (0_i64..).zip(list.as_list()?) {
            if !self.spend(1) {
                return None;
            }
            all.push(self.apply(lambda, vec![item.clone(), Data::Int(index)], env));
        }
        Some(all)
    }

    fn map(&mut self, list: &Data, lambda: &Expr, env: Env<'_>) -> Option<Data> {
        let lambda = Lambda::of(lambda)?;
        self.each(list, &lambda, env).map(Data::list)
    }

    fn filter(&mut self, list: &Data, lambda: &Expr, env: Env<'_>) -> Option<Data> {
        let lambda = Lambda::of(lambda)?;
        let answers = self.each(list, &lambda, env)?;
        let mut kept = Vec::new();
        for (item, answer) in list.as_list()?.iter().zip(answers) {
            if answer.as_bool()? {
                kept.push(item.clone());
            }
        }
        Some(Data::list(kept))
    }

    fn reduce(&mut self, list: &Data, start: &Expr, one: &Expr, env: Env<'_>) -> Option<Data> {
        let lambda = Lambda::of(one)?;
        let mut sum = self.eval(start, env);
        for (index, item) in (0_i64..).zip(list.as_list()?) {
            if !self.spend(1) {
                return None;
            }
            sum = self.apply(&lambda, vec![sum, item.clone(), Data::Int(index)], env);
        }
        Some(sum)
    }

    /// Puts each element behind the last one that does not come after it.
    fn sort(&mut self, list: &Data, lambda: &Expr, env: Env<'_>) -> Option<Data> {
        let lambda = Lambda::of(lambda)?;
        let mut sorted: Vec<Data> = Vec::new();
        for item in list.as_list()? {
            let (mut low, mut high) = (0, sorted.len());
            while low < high {
                if !self.spend(1) {
                    return None;
                }
                let middle = usize::midpoint(low, high);
                let pair = vec![item.clone(), sorted.get(middle)?.clone()];
                if self.apply(&lambda, pair, env).as_bool()? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            sorted.insert(low, item.clone());
        }
        Some(Data::list(sorted))
    }

    /// A member for each element; of two with one key the later.
    fn keyed(
        &mut self,
        list: &Data,
        keys: &Expr,
        values: Option<&Expr>,
        env: Env<'_>,
    ) -> Option<Data> {
        let keys = self.each(list, &Lambda::of(keys)?, env)?;
        let values = match values {
            Some(lambda) => self.each(list, &Lambda::of(lambda)?, env)?,
            None => list.as_list()?.to_vec(),
        };
        let mut members = Members::new();
        for (key, value) in keys.iter().zip(values) {
            members.insert(key.as_text()?.into(), value);
        }
        Some(Data::object(members))
    }

    fn map_values(&mut self, object: &Data, lambda: &Expr, env: Env<'_>) -> Option<Data> {
        let lambda = Lambda::of(lambda)?;
        let mut members = Members::new();
        for (key, value) in object.as_object()? {
            if !self.spend(1) {
                return None;
            }
            let value = self.apply(&lambda, vec![value.clone()], env);
            members.insert(Rc::clone(key), value);
        }
        Some(Data::object(members))
    }
}
