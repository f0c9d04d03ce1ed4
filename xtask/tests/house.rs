//! This very repository, held to the rules of the house.

#[cfg(test)]
#[path = "house/circles.rs"]
mod circles;
#[cfg(test)]
#[path = "house/dialects.rs"]
mod dialects;
#[cfg(test)]
#[path = "house/layers.rs"]
mod layers;
#[cfg(test)]
#[path = "house/products.rs"]
mod products;
#[cfg(test)]
#[path = "house/seeds.rs"]
mod seeds;
#[cfg(test)]
#[path = "house/tidy.rs"]
mod tidy;
#[cfg(test)]
#[path = "house/words.rs"]
mod words;
