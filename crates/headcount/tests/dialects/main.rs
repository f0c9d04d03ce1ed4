//! The shipper in every dialect: what is recorded arrives whole, once, where
//! the catalog says.

#[cfg(test)]
mod counting;
#[cfg(test)]
mod destinations;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod shown;
